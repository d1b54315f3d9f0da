/**
 * Lines for zabbix_sender (`-i -`; https://www.zabbix.com/documentation/current/en/manpages/zabbix_sender):
 * low-level discovery of targets and routes, then their values, for the trapper items of examples/zabbix/signin-probe.yaml.
 * "-" stands for the host of the agent's configuration.
 */
import type { Report } from '../../contracts/report';
import { exitCodeOf } from '../../contracts/words';
import { routeValues } from './route-values';

/** A value with blanks or quotes stands in double quotes; quotes and backslashes within it are escaped. */
const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
const line = (key: string, value: string | number): string => `- ${key} ${typeof value === 'number' ? value : quoted(value)}\n`;

export const renderZabbix = (report: Report): string => {
  const values = routeValues(report);
  const discovery = line('signin.discovery', JSON.stringify(values.map(({ target, route }) => ({ '{#TARGET}': target, '{#ROUTE}': route }))));
  return (
    discovery +
    values
      .map(({ target, route, verdict, seconds, daysLeft, text }) =>
        [
          line(`signin.verdict[${target},${route}]`, exitCodeOf[verdict]),
          line(`signin.duration[${target},${route}]`, Number(seconds.toFixed(2))),
          ...(daysLeft === null ? [] : [line(`signin.daysleft[${target},${route}]`, Number(daysLeft.toFixed(1)))]),
          line(`signin.text[${target},${route}]`, text),
        ].join(''),
      )
      .join('')
  );
};
