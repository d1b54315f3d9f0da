import { scheduleSchema } from '../../contracts/monitor-config';
import { expect, test } from '@playwright/test';
import { type Schedule, readSchedule, slotTimes } from './schedule';

const series = { target: 'contoso', route: 'ifd', location: 'hq' } as const;
const ok = (schedule: ReturnType<typeof readSchedule>): Schedule => {
  if ('why' in schedule) throw new Error(schedule.why);
  return schedule;
};
const isoTimes = (schedule: Schedule, from: string, to: string): string[] =>
  slotTimes(schedule, series, new Date(from), new Date(to)).map((at) => at.toISOString().slice(0, 16));

test('every 5m gives twelve slots an hour, five minutes apart, whatever hour is asked for', () => {
  const every = ok(readSchedule('every 5m', 'UTC'));
  const times = slotTimes(every, series, new Date('2026-03-29T00:00:00Z'), new Date('2026-03-29T03:00:00Z')).map((at) => at.getTime());
  expect(times).toHaveLength(36);
  expect(new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toEqual(new Set([300_000]));
  const halves = ['00:00', '01:30'].flatMap((from) =>
    isoTimes(every, `2026-03-29T${from}:00Z`, from === '00:00' ? '2026-03-29T01:30:00Z' : '2026-03-29T03:00:00Z'),
  );
  expect(halves).toHaveLength(36);
});

test('series that begin together are spread over the interval', () => {
  const every = ok(readSchedule({ every: '5m' }, 'UTC'));
  const offsets = Array.from({ length: 100 }, (_, n) => slotTimes(every, { ...series, target: `t${n}` }, new Date(0), new Date(300_000))[0]?.getTime() ?? 0);
  const perMinute = [0, 1, 2, 3, 4].map((minute) => offsets.filter((at) => Math.floor((at % 300_000) / 60_000) === minute).length);
  expect(Math.min(...perMinute)).toBeGreaterThan(8);
});

test('a cron schedule follows its time zone into and out of daylight saving', () => {
  const daily = ok(readSchedule({ cron: '30 6 * * *', timezone: 'Europe/Berlin' }, 'UTC'));
  expect(isoTimes(daily, '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')).toEqual(['2026-03-28T05:30', '2026-03-29T04:30', '2026-03-30T04:30']);
  expect(isoTimes(daily, '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z')).toEqual(['2026-10-24T04:30', '2026-10-25T05:30', '2026-10-26T05:30']);
});

test('a time that daylight saving leaves out is made up for, and one that comes twice counts once', () => {
  const night = ok(readSchedule('cron 30 2 * * *', 'Europe/Berlin'));
  expect(isoTimes(night, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  expect(isoTimes(night, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
});

test('every hour by cron loses none of the day with 25 hours and invents none in the one with 23', () => {
  const hourly = ok(readSchedule('cron 0 * * * *', 'Europe/Berlin'));
  expect(isoTimes(hourly, '2026-03-28T22:59:00Z', '2026-03-29T21:59:00Z')).toHaveLength(23);
  expect(isoTimes(hourly, '2026-10-24T21:59:00Z', '2026-10-25T22:59:00Z')).toHaveLength(25);
});

test('what is no schedule is told', () => {
  for (const tooOften of ['every 1s', { every: '1s' }])
    expect(scheduleSchema.safeParse(tooOften).error?.issues.map(({ message }) => message)).toEqual(['expected at least every 5s, found every 1s']);
  expect(readSchedule('cron 0 6 * *', 'UTC')).toMatchObject({ why: expect.stringContaining('five fields') });
  expect(readSchedule('cron 0 25 * * *', 'UTC')).toMatchObject({ why: expect.stringContaining('cron expression') });
  expect(readSchedule('cron 0 0 31 2 *', 'UTC')).toMatchObject({ why: expect.stringContaining('some day') });
});
