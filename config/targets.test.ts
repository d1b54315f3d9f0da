import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { configJsonSchema } from './config-schema';
import { loadTargets, selectTargets } from './targets';
import { testAuthority } from '../probes/testing/test-certificates';

function write(info: TestInfo, text: string, name = 'signin-probe.yaml'): string {
  const path = info.outputPath(name);
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(path, text);
  return path;
}

const good = `targets:
  - name: contoso
    internal: { url: https://internalcrm.contoso.com/Contoso/main.aspx }
    ifd: { url: https://contoso.contoso.com/main.aspx }
    sts: https://sts.contoso.com/adfs/ls/
    account: { user: CONTOSO\\probe, password: env:CRM_PROBE_PASSWORD }
`;

/** The problems as text, without the file's folder. */
function problemsOf(path: string): string[] {
  const result = loadTargets(path);
  expect(result.ok).toBe(false);
  return result.ok ? [] : result.problems.map(({ text }) => text.replace(path, 'signin-probe.yaml'));
}

test('a ten-line configuration gives one target per route with every default filled in', ({}, info) => {
  const path = write(info, good);
  const result = loadTargets(path);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.browser).toBeNull();
  expect(result.targets).toHaveLength(2);
  expect(result.targets[0]).toEqual({
    name: 'contoso',
    route: 'internal',
    url: 'https://internalcrm.contoso.com/Contoso/main.aspx',
    stsOrigin: 'https://sts.contoso.com',
    account: { kind: 'password', user: 'CONTOSO\\probe', secret: 'env:CRM_PROBE_PASSWORD' },
    totp: null,
    realm: null,
    expect: { user: null, organization: null },
    signedInSelector: null,
    api: true,
    metadata: {
      sts: 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml',
      crm: 'https://internalcrm.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml',
    },
    metadataCrmConfigured: false,
    caFile: null,
    diagnosticTrust: null,
    decryption: null,
    resolve: {},
    dns: null,
    nodes: {},
    rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
    warnDays: 30,
    deadlineMs: 60_000,
    configFolder: info.outputDir,
  });
  expect(result.targets[1]).toMatchObject({ route: 'ifd', metadata: { crm: 'https://contoso.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml' } });
});

test('every optional setting is taken over, paths relative to the configuration', async ({}, info) => {
  write(info, (await testAuthority('Test root')).cert, 'root.pem');
  const path = write(
    info,
    `${good}    expect: { user: probe@contoso.com, organization: '{E369084A-a907-e411-954e-00155d009f27}' }
    signedIn: { selector: '#crmTopBar', api: false }
    metadata: { crm: https://auth.contoso.com/m.xml }
    tls: { ca: ./root.pem }
    resolve: { STS.contoso.com: 10.0.0.5 }
    dns: 10.0.0.53
    rollover: { promotionDays: 7 }
    warnDays: 10
    deadlineSeconds: 30
    schedule: every 5m
    locations: [hq]
  - name: fabrikam
    internal: { url: http://localhost:8080/ }
    sts: https://sts.fabrikam.com:8443
    account: { user: probe@fabrikam.com, password: 'file:./pw.txt', totp: 'file:./totp.txt', realm: Active Directory }
  - { name: litware, ifd: { url: https://litware.com }, sts: https://sts.litware.com, account: { windows: current } }
browser: chrome
`,
  );
  const result = loadTargets(path);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.browser).toBe('chrome');
  expect(result.targets[0]).toMatchObject({
    expect: { user: 'probe@contoso.com', organization: 'e369084a-a907-e411-954e-00155d009f27' },
    signedInSelector: '#crmTopBar',
    api: false,
    metadata: { crm: 'https://auth.contoso.com/m.xml' },
    metadataCrmConfigured: true,
    caFile: join(info.outputDir, 'root.pem'),
    resolve: { 'sts.contoso.com': '10.0.0.5' },
    dns: '10.0.0.53',
    rollover: { generationDays: 20, promotionDays: 7, criticalDays: 2 },
    warnDays: 10,
    deadlineMs: 30_000,
  });
  expect(result.targets[2]).toMatchObject({
    name: 'fabrikam',
    url: 'http://localhost:8080/',
    stsOrigin: 'https://sts.fabrikam.com:8443',
    account: { secret: `file:${join(info.outputDir, 'pw.txt')}` },
    totp: `file:${join(info.outputDir, 'totp.txt')}`,
    realm: 'Active Directory',
  });
  expect(result.targets[3]).toMatchObject({ name: 'litware', account: { kind: 'windows-current' } });
});

test('three mistakes give three messages with file and line, and the literal password is in none', ({}, info) => {
  const path = write(
    info,
    `targets:
  - name: contoso
    internall: { url: https://internalcrm.contoso.com/ }
    ifd: { url: http://contoso.contoso.com/ }
    sts: https://sts.contoso.com
    account:
      user: CONTOSO\\probe
      password: "hunter2!"
`,
  );
  const problems = problemsOf(path);
  expect(problems).toEqual([
    'signin-probe.yaml:3: targets[0].internall: expected one of name, organizations, internal, ifd, sts, account, expect, signedIn, ' +
      'diagnosticTrust, decryption, metadata, tls, resolve, dns, nodes, rollover, warnDays, ' +
      'deadlineSeconds, allowHosts, limits, schedule, locations, maintenance, alert; ' +
      'found the unknown key `internall`; did you mean `internal`?',
    'signin-probe.yaml:4: targets[0].ifd.url: expected an https:// address, found "http://contoso.contoso.com/"; correct this line.',
    'signin-probe.yaml:8: targets[0].account.password: expected a secret reference (env:NAME, file:PATH, prompt:, keyring:SERVICE/NAME, ' +
      'vault:PATH#KEY or azurekv:VAULT/NAME), never the password itself; found a value that is no reference (not shown); ' +
      'put the password into an environment variable or a file only you can read, name it here (such as env:CRM_PROBE_PASSWORD), ' +
      'and change the password if this file was shared.',
  ]);
});

test('types, ranges, missing keys, doubled names and a missing route are all told at once', ({}, info) => {
  const path = write(
    info,
    `targets:
  - name: Contoso Production
    ifd: { url: https://contoso.contoso.com/ }
    account: { user: a, password: 12345678 }
    warnDays: 0
    deadlineSeconds: 601
  - name: b
    sts: https://user:hunter2@sts.contoso.com
    account: { windows: yes }
    signedIn: { api: maybe }
  - 5
brwoser: chrome
`,
  );
  const problems = problemsOf(path);
  const lines = problems.map((text) => Number(/^signin-probe\.yaml:(\d+):/.exec(text)?.[1]));
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
  expect(problems.join('\n')).not.toMatch(/hunter2|12345678/);
  for (const part of [
    /:2: targets\[0\]\.name: expected a kebab-case name such as contoso-production; found "Contoso Production"; correct this line\./,
    /:2: targets\[0\]\.sts: expected text, found nothing; add it\./,
    /:4: targets\[0\]\.account\.password: expected text; found a value that is no reference \(not shown\)/,
    /:5: targets\[0\]\.warnDays: expected a number greater than 0; found the number 0/,
    /:6: targets\[0\]\.deadlineSeconds: expected a number of at most 600; found the number 601/,
    /:7: targets\[1\]: expected at least one route/,
    /:8: targets\[1\]\.sts: an address must not carry a user name or password/,
    /:9: targets\[1\]\.account\.windows: expected current; found "yes"/,
    /:10: targets\[1\]\.signedIn\.api: expected true or false; found "maybe"/,
    /:11: targets\[2\]: expected a mapping/,
    /:12: brwoser: expected one of targets, defaults, browser, [a-z, ]*; found the unknown key `brwoser`; did you mean `browser`\?/,
  ])
    expect(
      problems.some((text) => part.test(text)),
      `${part}\n${problems.join('\n')}`,
    ).toBe(true);
});

test('a doubled name, a CA file that is missing and a pinned address that is none are told with their lines', ({}, info) => {
  write(info, 'no certificate here', 'empty.pem');
  const path = write(
    info,
    `${good}    tls: { ca: missing.pem }
    resolve: { sts.contoso.com: node1 }
  - name: contoso
    ifd: { url: https://x.contoso.com/ }
    sts: https://sts.contoso.com
    account: { windows: current }
    tls:
      ca: empty.pem
`,
  );
  expect(problemsOf(path)).toEqual([
    'signin-probe.yaml:7: targets[0].tls.ca: expected a PEM file with CA certificates (relative to the configuration file), found "missing.pem": ' +
      'there is no such file; correct the path.',
    'signin-probe.yaml:8: targets[0].resolve.sts.contoso.com: expected an IP address such as 10.0.0.5, found "node1"; write the address of the node.',
    'signin-probe.yaml:9: targets[1].name: expected a name of its own for each target, found "contoso" again; rename one of them.',
    'signin-probe.yaml:14: targets[1].tls.ca: expected a PEM file with CA certificates (relative to the configuration file), found "empty.pem": ' +
      'there is no certificate in it; export the CA as Base-64 encoded X.509 (PEM).',
  ]);
});

test('a time zone by its Windows name is told with what was expected instead', ({}, info) => {
  expect(problemsOf(write(info, `monitor: { timezone: W. Europe Standard Time }\n${good}`))).toEqual([
    'signin-probe.yaml:1: monitor.timezone: expected an IANA time zone such as Europe/Berlin or UTC, found "W. ' +
      'Europe Standard Time", which is a name of Windows; correct this line.',
  ]);
});

test('what is not YAML is told by line without quoting the source', ({}, info) => {
  for (const [text, expected] of [
    ['targets:\n  - name: a\n    name: b\n', /:3: expected each key once/],
    ['targets:\n  - account:\n      password: "hunter2\n', /: expected a closing quote/],
    ['targets:\n  - account: { user: "CONTOSO\\probe", password: hunter2 }\n', /:2: expected a known escape after \\/],
    ['targets:\n  - account:\n      password: @hunter2\n', /:3: expected a plain value/],
    ['targets:\n  - account:\n      password: *hunter2\n', /an alias/],
    ['targets:\n  - account:\n      password: !hunter2 x\n', /:3: expected a plain value, found a tag/],
    ['', /found an empty file/],
    ['targets\n', /the file: expected a mapping/],
  ] as const) {
    const problems = problemsOf(write(info, text));
    expect(problems.join('\n'), text).toMatch(expected);
    expect(problems.join('\n'), text).not.toContain('hunter2');
  }
});

test('an alias bomb is refused at once', ({}, info) => {
  const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`);
  expect(problemsOf(write(info, `a0: &a0 [x]\n${levels.join('\n')}\n`)).join('\n')).toMatch(/too many of them/);
});

test('a missing file says what to do', () => {
  expect(loadTargets('nowhere.yaml')).toEqual({
    ok: false,
    problems: [
      { line: null, text: 'nowhere.yaml: there is no such file. Write one (README, "A configuration in ten lines"), or name another one with --config FILE.' },
    ],
  });
});

test('targets are chosen by name and route, an unknown name gets the nearest match', ({}, info) => {
  const result = loadTargets(
    write(info, `${good}  - { name: fabrikam, ifd: { url: https://fabrikam.com }, sts: https://sts.fabrikam.com, account: { windows: current } }\n`),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const routesOf = (names: string[], route?: 'internal' | 'ifd'): unknown => {
    const selected = selectTargets(result.targets, names, route);
    return selected.ok ? selected.targets.map((target) => `${target.name} ${target.route}`) : selected.problems;
  };
  expect(routesOf([])).toEqual(['contoso internal', 'contoso ifd', 'fabrikam ifd']);
  expect(routesOf(['contoso'], 'ifd')).toEqual(['contoso ifd']);
  expect(routesOf(['contosso', 'nothing'])).toEqual([
    'unknown target "contosso": did you mean "contoso"? The configuration has contoso, fabrikam.',
    'unknown target "nothing": The configuration has contoso, fabrikam.',
  ]);
  expect(routesOf(['fabrikam'], 'internal')).toEqual(['no target with the route "internal": fabrikam has only "ifd"; leave --route out or configure it.']);
});

test('the JSON Schema for editors knows the keys and refuses others', () => {
  const schema = JSON.parse(JSON.stringify(configJsonSchema())) as {
    additionalProperties: boolean;
    properties: { targets: { items: { properties: Record<string, unknown>; required: string[] } } };
  };
  expect(schema.additionalProperties).toBe(false);
  expect(Object.keys(schema.properties.targets.items.properties)).toContain('deadlineSeconds');
  expect(Object.keys(schema.properties)).toContain('defaults');
  for (const place of [schema, schema.properties.targets.items]) expect(place).toMatchObject({ patternProperties: { '^x-': {} } });
});

const shared = `defaults:
  internal: { url: "https://internalcrm.contoso.com/{organization}/main.aspx" }
  ifd: { url: "https://{organization}.contoso.com/main.aspx" }
  sts: https://sts.contoso.com
  account: { user: CONTOSO\\probe, password: env:CRM_PROBE_PASSWORD }
  rollover: { automatic: true }
  schedule: every 5m
targets:
  - organizations: [Sales, service, hr, legal, it, north, south, east, west]
  - name: archive
    organizations: [Archive]
    rollover: { automatic: false }
    ifd: { url: https://archive.fabrikam.com/main.aspx }
`;

test('ten organizations on one AD FS are fourteen lines: defaults for all, a group by the names in its addresses, and a target that differs', ({}, info) => {
  const result = loadTargets(write(info, shared));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(shared.trim().split('\n').length).toBeLessThanOrEqual(25);
  expect(result.targets).toHaveLength(20);
  expect([...new Set(result.targets.map(({ name }) => name))]).toEqual(['sales', 'service', 'hr', 'legal', 'it', 'north', 'south', 'east', 'west', 'archive']);
  const [internal, ifd] = result.targets;
  expect([internal?.url, ifd?.url]).toEqual(['https://internalcrm.contoso.com/Sales/main.aspx', 'https://sales.contoso.com/main.aspx']);
  expect(internal?.rollover.automatic).toBe(true);
  const archive = result.targets.filter(({ name }) => name === 'archive');
  expect(archive.map(({ url }) => url)).toEqual(['https://internalcrm.contoso.com/Archive/main.aspx', 'https://archive.fabrikam.com/main.aspx']);
  expect(archive.map(({ rollover, stsOrigin }) => [rollover.automatic, stsOrigin])).toEqual(Array(2).fill([false, 'https://sts.contoso.com']));
});

test('what a default or a group has wrong is told once, at its own line', ({}, info) => {
  const problems = problemsOf(write(info, shared.replace('https://sts.contoso.com', 'http://sts.contoso.com').replace('hr, legal', 'hr, le gal, hr')));
  expect(problems).toEqual([
    expect.stringMatching(/^signin-probe\.yaml:4: defaults\.sts: expected an https:\/\/ address/),
    expect.stringMatching(/^signin-probe\.yaml:9: targets\[0\]\.organizations\[3\]: expected an organization's name of letters/),
    expect.stringMatching(/^signin-probe\.yaml:9: targets\[0\]\.organizations\[4\]: expected a name of its own for each target, found "hr" again/),
  ]);
  expect(problemsOf(write(info, shared.replace('organizations: [Sales, service', 'organization: [Sales, service'))).join()).toContain(
    'unknown key `organization`; did you mean `organizations`?',
  );
  expect(problemsOf(write(info, shared.replace(/ {2}- name: archive[^]*$/, '').replace(/organizations: .*/, 'name: one'))).join()).toContain(
    'expected `organizations: [sales, service]` beside {organization}, found none',
  );
  expect(problemsOf(write(info, shared.replace(/"(https:[^"]*)"/g, '$1'))).join()).toContain('in quotes within { … }');
});

test('merge keys and keys that begin with x- are there for what YAML writes once', ({}, info) => {
  const merged = `x-common: &common
  sts: https://sts.contoso.com
  account: { windows: current }
targets:
  - name: one
    <<: *common
    x-note: for the helpdesk
    ifd: { url: https://one.contoso.com/main.aspx }
  - { name: two, <<: *common, ifd: { url: https://two.contoso.com/main.aspx } }
`;
  const result = loadTargets(write(info, merged));
  expect(result.ok && result.targets.map(({ name, stsOrigin }) => `${name} ${stsOrigin}`)).toEqual([
    'one https://sts.contoso.com',
    'two https://sts.contoso.com',
  ]);
});

test('every mistake is told in the same round, whatever else is wrong', ({}, info) => {
  const wrong = `browser: chromum
targets:
  - name: contoso
    ifd: { url: https://contoso.contoso.com/main.aspx }
    sst: https://sts.contoso.com
    account: { user: "CONTOSO\\new-probe", password: env:CRM_PROBE_PASSWORD }
    schedule: every 2s
    resolve: { sts.contoso.com: nowhere }
  - name: contoso
    name: again
    ifd: { url: https://contoso.contoso.com/main.aspx }
    sts: https://sts.contoso.com
    account: { windows: current }
    schedule: 5m
  - name: contoso
    sts: https://sts.contoso.com
    account: { windows: current }
    tls: { ca: ./missing.pem }
`;
  const problems = problemsOf(write(info, wrong)).join('\n');
  for (const part of [
    ':1: browser: expected one of chromium-headless-shell, playwright, chrome, chromium, edge, or the path of a browser; found "chromum"; ' +
      'did you mean chromium?',
    'found the unknown key `sst`; did you mean `sts`?',
    ':6: targets[0].account.user: expected a name such as CONTOSO\\probe, found one with a control character',
    ':7: targets[0].schedule: expected at least every 5s, found every 2s',
    ':8: targets[0].resolve.sts.contoso.com: expected an IP address',
    ':10: expected each key once',
    ':14: targets[1].schedule: expected `every 5m` or `cron …`, found "5m"',
    ':15: targets[2].name: expected a name of its own for each target, found "contoso" again',
    ':18: targets[2].tls.ca: expected a PEM file',
  ])
    expect(problems).toContain(part);
  expect(problems).toContain('targets[2]: expected at least one route');
});
