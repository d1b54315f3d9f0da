import { expect, test } from '@playwright/test';
import { allowedIn, savedDescriptor, sidIn, strangersIn } from './windows-access';

const own = 'S-1-5-21-1004336348-1177238915-682003330-1107';

test('a file that only its account, administrators and the system may use has no strangers', () => {
  expect(strangersIn(allowedIn(`D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;${own})`), own)).toEqual([]);
  expect(strangersIn(allowedIn(`D:P(A;;FR;;;${own})`), own)).toEqual([]);
});

test('others who may use it are named by their SID, inherited rights included; denying is no right; without a list everybody may', () => {
  expect(strangersIn(allowedIn(`D:AI(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)(A;ID;FA;;;${own})`), own)).toEqual(['BU']);
  expect(strangersIn(allowedIn('D:(A;;FR;;;S-1-5-21-1-2-3-1200)(D;;FA;;;WD)'), own)).toEqual(['S-1-5-21-1-2-3-1200']);
  expect(strangersIn(allowedIn('D:(A;;FA;;;WD)'), own)).toEqual(['WD']);
  expect(strangersIn(allowedIn('O:BAG:SY'), own)).toEqual(['WD']);
});

test('the account’s SID and a saved descriptor are read in any language', () => {
  expect(sidIn(`"contoso\\svc-probe","${own}"\r\n`)).toBe(own);
  expect(sidIn(`"CONTOSO\\M\xfcller","${own}"\r\n`)).toBe(own);
  expect(sidIn('FEHLER: Zugriff verweigert')).toBeNull();
  expect(savedDescriptor(`\uFEFFprobe.txt\r\nD:PAI(A;;FA;;;${own})\r\n`)).toBe(`D:PAI(A;;FA;;;${own})`);
  expect(savedDescriptor('probe.txt\r\n')).toBeNull();
});
