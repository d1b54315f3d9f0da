import { expect, test } from '@playwright/test';
import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, lastGood, refused, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmOrganizationDisabled as rule } from './crm-organization-disabled';

const crm = 'https://internalcrm.contoso.com';
const behind = (over: Partial<Exchange>) =>
  sample('internal', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    pages: [],
    exchanges: [
      ...upToToken('internal'),
      tokenPost('internal', { location: `${crm}/Contoso/main.aspx`, cookiesSet: [cookie('MSISAuth')] }),
      exchange(6, { url: `${crm}/Contoso/main.aspx`, step: 'crm-session', redirectedFrom: 5, cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }], ...over }),
    ],
  });

test("suspected by 404 from the organization's address behind a good session", () => {
  const { outcome, text, refs } = judged(rule, behind({ status: 404 }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('404');
  expect(refs).toContain('exchange:6');
});

const titleOf = (evidence: RouteEvidence): string | undefined => {
  const judgement = rule.judge({ ...evidence, siblings: [] });
  return judgement.kind === 'found' ? (judgement.title ?? rule.title) : undefined;
};

test('a 404 alone does not tell an organization that does not exist from one that is disabled: the title names both', () => {
  const { text } = judged(rule, { ...behind({ status: 404 }), lastGood: null });
  expect(titleOf({ ...behind({ status: 404 }), lastGood: null })).toMatch(/no CRM organization.*or it is disabled/i);
  expect(text).toContain('/contoso/');
});

test('where the same address answered at the last good sign-in it was not mistyped; where another did, it may well be', () => {
  const good = (path: string) => lastGood('internal', { shape: ['GET internalcrm.contoso.com/contoso/main.aspx'.replace('/contoso/', path)] });
  const same = { ...behind({ status: 404 }), lastGood: good('/Contoso/') };
  expect(titleOf(same)).toBe(rule.title);
  expect(judged(rule, same).text).toContain('at the last good sign-in');
  const other = { ...behind({ status: 404 }), lastGood: good('/Adventure/') };
  expect(titleOf(other)).toMatch(/^No CRM organization/);
  expect(judged(rule, other).text).toContain('/adventure/');
});

test('CRM’s own words for an organization that does not exist are taken as that', () => {
  const said = behind({ status: 500, document: { title: '', text: 'The organization "Contosso" could not be found.' } });
  expect(judged(rule, said).outcome).toBe('suspected');
  expect(titleOf(said)).toMatch(/^No CRM organization/);
});

test('suspected when the page says so', () =>
  expect(judged(rule, behind({ document: { title: '', text: 'The organization has been disabled by the administrator.' } })).outcome).toBe('suspected'));

test('clear when the organization answers, another route signed in, or the token was refused', () => {
  expect(judged(rule, behind({})).outcome).toBe('clear');
  expect(judged(rule, behind({ status: 404 }), [sibling({ signedIn: 'yes' })]).outcome).toBe('clear');
  expect(judged(rule, refused('internal')).outcome).toBe('clear');
});

test("cannot tell when CRM's verdict on the token is not visible", () =>
  expect(
    judged(
      rule,
      sample('internal', { journey: failed('token-post'), pages: [], exchanges: [...upToToken('internal'), tokenPost('internal', { status: 403 })] }),
    ).outcome,
  ).toBe('cannot-tell'));
