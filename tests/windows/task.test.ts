/** The example task for Task Scheduler: in the encoding it declares, and in the order its schema demands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { expect, test } from '@playwright/test';
import { root } from '../testing/source-files';

/**
 * What the schema has at each place the task uses: `ordered` is a sequence, else any order; nothing else may stand there. The service checks it (MS-TSCH 2.5).
 * Source: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch/0d6383e4-de92-43e7-b0bb-a60cfa36379f and the sections below it.
 */
const schema: Readonly<Record<string, { readonly ordered?: true; readonly children: readonly string[] }>> = {
  Task: { children: ['RegistrationInfo', 'Triggers', 'Settings', 'Data', 'Principals', 'Actions'] },
  RegistrationInfo: { children: ['URI', 'SecurityDescriptor', 'Source', 'Date', 'Author', 'Version', 'Description', 'Documentation'] },
  Triggers: { children: ['BootTrigger', 'TimeTrigger'] },
  BootTrigger: { ordered: true, children: ['Enabled', 'StartBoundary', 'EndBoundary', 'Repetition', 'ExecutionTimeLimit', 'Delay'] },
  TimeTrigger: { ordered: true, children: ['Enabled', 'StartBoundary', 'EndBoundary', 'Repetition', 'ExecutionTimeLimit', 'RandomDelay'] },
  Repetition: { children: ['Interval', 'Duration', 'StopAtDurationEnd'] },
  Principals: { children: ['Principal'] },
  Principal: { children: ['UserId', 'LogonType', 'GroupId', 'DisplayName', 'RunLevel'] },
  Settings: {
    children: [
      'MultipleInstancesPolicy',
      'DisallowStartIfOnBatteries',
      'StopIfGoingOnBatteries',
      'StartWhenAvailable',
      'ExecutionTimeLimit',
      'Enabled',
      'RestartOnFailure',
    ],
  },
  RestartOnFailure: { children: ['Interval', 'Count'] },
  Actions: { children: ['Exec'] },
  Exec: { children: ['Command', 'Arguments', 'WorkingDirectory'] },
};

const bytes = readFileSync(join(root, 'examples/service/signin-probe-watch.xml'));
const childrenOf = (element: Element): Element[] => [...element.childNodes].filter((node): node is Element => node.nodeType === 1);

function wrongIn(element: Element): string[] {
  const below = childrenOf(element);
  const allowed = schema[element.nodeName];
  if (allowed === undefined) return below.length > 0 ? [`${element.nodeName} has elements`] : [];
  const places = below.map(({ nodeName }) => allowed.children.indexOf(nodeName));
  const unknown = below.filter((_, at) => places[at] === -1).map(({ nodeName }) => `${element.nodeName} has ${nodeName}`);
  const disordered = allowed.ordered && places.some((place, at) => at > 0 && place <= (places[at - 1] ?? -1)) ? [`${element.nodeName} is out of order`] : [];
  return [...unknown, ...disordered, ...below.flatMap(wrongIn)];
}

test('the example task is in UTF-16 with its mark, as it declares: schtasks /create /xml refuses anything else', () => {
  expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfe]);
  expect(new TextDecoder('utf-16le', { fatal: true }).decode(bytes)).toMatch(/^<\?xml version="1\.0" encoding="UTF-16"\?>\r\n/);
});

test('the example task has what the schema of Task Scheduler allows, in its order', () => {
  const task = new DOMParser().parseFromString(new TextDecoder('utf-16le').decode(bytes), 'text/xml').documentElement;
  expect(task?.nodeName).toBe('Task');
  expect(task ? wrongIn(task) : ['no task']).toEqual([]);
});
