import { expect, test } from '@playwright/test';
import { renderNagios } from './nagios';
import { renderPrometheus } from './prometheus';
import { hostileReport } from './testing/hostile';
import { atRiskSample, brokenSample, healthySample, sampleReports, unexplainedSample, unknownSample } from './testing/sample-reports';

test('the plugin line names the verdict, the cause once for both routes, and the times', () => {
  expect(renderNagios(brokenSample())).toBe(
    'SIGNIN BROKEN - contoso both routes: AD FS signs with a new certificate; CRM still trusts the old one (KB 2686840, ' +
      'confirmed) | contoso_internal_time=1.11s;;;0 contoso_ifd_time=1.11s;;;0\n',
  );
  expect(renderNagios(healthySample())).toMatch(/^SIGNIN HEALTHY - Sign-in to contoso works over both routes; next foreseeable break 16 Nov 2026 \|/);
  expect(renderNagios(atRiskSample())).toMatch(/^SIGNIN AT RISK - .* contoso_internal_days_left=3\.8/);
  expect(renderNagios(unexplainedSample())).toMatch(/^SIGNIN BROKEN - contoso internal claims: unexplained/);
  expect(renderNagios(unknownSample())).toMatch(/^SIGNIN UNKNOWN - contoso internal claims: the browser ended unexpectedly \|/);
});

for (const [name, sample] of Object.entries(sampleReports)) {
  for (const [kind, report] of [
    ['', sample()],
    [' with an attack in every text', hostileReport(sample())],
  ] as const) {
    test(`the plugin line of the ${name} sample${kind} is one line with one pipe and readable performance data`, () => {
      const line = renderNagios(report);
      expect(line).toMatch(/^SIGNIN (HEALTHY|AT RISK|BROKEN|UNKNOWN) - [^|\n]+ \| [^|\n]+\n$/);
      for (const item of line.split(' | ')[1]!.trim().split(' ')) expect(item).toMatch(/^[A-Za-z0-9_-]+=-?\d+(\.\d+)?(s;;;0)?$/);
    });

    test(`the textfile of the ${name} sample${kind} follows the exposition format`, () => {
      const lines = renderPrometheus(report).trimEnd().split('\n');
      let current = '';
      const series = new Set<string>();
      for (const line of lines) {
        const help = /^# HELP ([a-z_]+) \S.*$/.exec(line);
        if (help) current = help[1]!;
        else if (line.startsWith('#')) expect(line).toBe(`# TYPE ${current} gauge`);
        else {
          const sampleLine = /^([a-z_]+)(\{([a-z_0-9]+="(?:[^"\\\n]|\\\\|\\"|\\n)*",?)+\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
          expect(sampleLine, line).not.toBeNull();
          expect(sampleLine![1]).toBe(current);
          const key = line.slice(0, line.lastIndexOf(' '));
          expect(series.has(key), key).toBe(false);
          series.add(key);
        }
      }
    });
  }
}

test('the textfile tells verdict, duration, certificate ends, the date of the break and the cause', () => {
  const broken = renderPrometheus(brokenSample());
  expect(broken).toContain('signin_probe_verdict{target="contoso",route="ifd",verdict="broken"} 1\n');
  expect(broken).toContain('signin_probe_signed_in{target="contoso",route="internal"} 0\n');
  expect(broken).toContain('signin_probe_cause{target="contoso",route="internal",cause="adfs-signing-cert-rolled",certainty="confirmed"} 1\n');
  expect(broken).toContain('sha1="8F31C40A2D9E77B05512E0A1F6B3C9D84E2A7706",primary="false"} 1764627248\n');
  expect(renderPrometheus(atRiskSample())).toContain('signin_probe_breaks_timestamp_seconds{target="contoso",route="ifd"} 1763763631\n');
  expect(renderPrometheus(unexplainedSample())).toContain('cause="unexplained"');
  expect(renderPrometheus(healthySample())).toContain('cause="none"');
  expect(renderPrometheus(unknownSample())).not.toContain('signin_probe_signed_in{');
});

test('a cause this tool does not know becomes "other", so the label stays bounded', () => {
  expect(renderPrometheus(hostileReport(brokenSample()))).toContain('cause="other"');
});
