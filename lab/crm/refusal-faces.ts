import { page, redirect, type Answer } from './responses';
import type { RefusalFace } from './crm-types';
import { urlEncode } from './sign-in-redirect';

/** The address of CRM's error page; what went wrong is in it (field guide §10). */
export const errorPageAddress = ({
  errorCode,
  details,
  requestUri,
}: {
  readonly errorCode: string;
  readonly details: string;
  readonly requestUri: string;
}): string =>
  `/_common/error/errorhandler.aspx?BackUri=&ErrorCode=${errorCode}&Parm0=${urlEncode(`0\r\n\r\nError Details: ${details}`)}&RequestUri=` +
  `${urlEncode(requestUri)}&user_lcid=1033`;

/** ASP.NET's error page with customErrors on: it names nothing. */
const runtimeErrorPage =
  `<!DOCTYPE html>\r\n<html>\r\n    <head>\r\n        <title>Runtime Error</title>\r\n        <meta name="viewport" ` +
  `content="width=device-width" />\r\n        <style>\r\n` +
  `         body {font-family:"Verdana";font-weight:normal;font-size: .7em;color:black;}\r\n         H1 { font-family:"Verdana";` +
  `font-weight:normal;font-size:18pt;color:red }\r\n` +
  `         H2 { font-family:"Verdana";font-weight:normal;font-size:14pt;color:maroon }\r\n        </style>\r\n    </head>\r\n    <body bgcolor="white">\r\n` +
  `            <span><H1>Server Error in '/' Application.<hr width=100% size=1 color=silver></H1>\r\n            <h2> <i>Runtime Error</i> </h2></span>\r\n` +
  `            <b> Description: </b>An application error occurred on the server. The current custom error settings for this application prevent ` +
  `the details of the application error ` +
  `from being viewed remotely (for security reasons). It could, however, be viewed by browsers running on the local server machine.<br>` +
  `<br>\r\n    </body>\r\n</html>\r\n`;

/** What CRM answers when it fails itself. */
export const runtimeError: Answer = { ...page(runtimeErrorPage), status: 500 };

export interface Refusal {
  readonly face: RefusalFace;
  /** Windows Identity Foundation's text. */
  readonly text: string;
  /** Path that the token was posted to. */
  readonly requestUri: string;
  /** The address that starts sign-in again for what the user wanted, with or without `wfresh=0`. */
  readonly signInAgain: (fresh: boolean) => string;
}

/** CRM's answer to a token it refuses, in the chosen face. */
export function refusalAnswer({ face, text, requestUri, signInAgain }: Refusal): Answer {
  switch (face) {
    case 'errorhandler':
      return redirect(errorPageAddress({ errorCode: '', details: text, requestUri }));
    case '401':
      return { status: 401, contentType: 'text/plain', body: 'HTTP Error 401 - Unauthorized: Access is denied' };
    case '500':
      return runtimeError;
    case 'sts-loop':
      return redirect(signInAgain(false));
    case 'sts-prompt':
      return redirect(signInAgain(true));
  }
}
