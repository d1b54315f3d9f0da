/** PRTG's advanced sensors, as JSON (https://www.paessler.com/manuals/prtg/custom_sensors, "Advanced Script, HTTP Data, and REST Custom Sensors"). */
import type { Report } from '../../contracts/report';
import type { Verdict } from '../../contracts/words';
import { safeJson } from '../safe-json';
import { routeValues } from './route-values';

/** PRTG compares numbers: over `LimitMaxWarning` is a warning, over `LimitMaxError` an error. "Could not tell" is no outage. */
const state: Readonly<Record<Verdict, number>> = { healthy: 0, unknown: 1, 'at-risk': 2, broken: 3 };
const mostText = 2000;

export const renderPrtg = (report: Report): string => {
  const values = routeValues(report);
  const result = values.flatMap(({ target, route, verdict, seconds, daysLeft }) => [
    { channel: `${target} ${route} state`, value: state[verdict], unit: 'Custom', customunit: '#', limitmode: 1, limitmaxwarning: 0.5, limitmaxerror: 2.5 },
    { channel: `${target} ${route} duration`, value: seconds.toFixed(2), float: 1, unit: 'TimeSeconds' },
    ...(daysLeft === null
      ? []
      : [
          {
            channel: `${target} ${route} days to the break`,
            value: daysLeft.toFixed(1),
            float: 1,
            unit: 'Custom',
            customunit: 'days',
            limitmode: 1,
            limitminerror: 0,
          },
        ]),
  ]);
  const text = values.map((each) => each.text).join('; ');
  return `${safeJson({ prtg: { result, text: text.slice(0, mostText) } })}\n`;
};

/** A run that could not be made, for example for a mistake in the configuration: an error of the sensor. */
export const prtgError = (text: string): string => `${safeJson({ prtg: { error: 1, text: text.replace(/\s+/g, ' ').slice(0, mostText) } })}\n`;
