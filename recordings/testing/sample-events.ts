/** For tests: events as Windows writes them, about the sample HARs' sign-in. */

/** AD FS 364: its data stand in a nested Event. */
export const adfs364 = (at: string, activityId: string, text: string): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>` +
  `<Provider Name="AD FS" Guid="{2ffb687a-1571-4ace-8550-47ab5ccae2bc}"/><EventID>364</EventID><Version>0</Version><Level>2</Level>` +
  `<TimeCreated SystemTime="${at}"/><Correlation ActivityID="{${activityId}}"/><Channel>AD FS/Admin</Channel><Computer>STS01.contoso.com</Computer>` +
  `<Security UserID="S-1-5-21-1111111111-2222222222-3333333333-1104"/></System><UserData>` +
  `<Event xmlns="http://schemas.microsoft.com/ActiveDirectoryFederationServices/2.0/Events"><EventData>` +
  `<Data>Microsoft.IdentityServer.Web.InvalidRequestException: ${text}</Data><Data>wsfed</Data></EventData></Event></UserData></Event>`;

/** ASP.NET's warning on the CRM server. */
export const aspNet = (at: string, text: string, host = 'auth.contoso.com'): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='ASP.NET 4.0.30319.0'/>` +
  `<EventID Qualifiers='32768'>1309</EventID><Level>3</Level><TimeCreated SystemTime='${at}'/><Channel>Application</Channel>` +
  `<Computer>CRM01.contoso.com</Computer></System><EventData><Data>3005</Data><Data>An unhandled exception has occurred.</Data>` +
  `<Data>SecurityTokenException</Data><Data>${text}</Data><Data>Request URL: https://${host}:443/default.aspx</Data><Data>User: ` +
  `S-1-5-21-1111111111-2222222222-3333333333-1104</Data></EventData></Event>`;

export const events = (...list: readonly string[]): string => `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>${list.join('\n')}</Events>`;
