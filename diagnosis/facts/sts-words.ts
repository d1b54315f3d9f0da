import type { PageVisit, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';

/** What an STS may say of an account after its credentials were given. Other providers than AD FS say it plainly, in their users' languages. */
export type Said = 'locked' | 'expired' | 'second-factor' | 'prove-human';

export interface StsWords {
  /** The sentence. */
  readonly text: string;
  readonly ref: string;
}

/** By the words of many languages. */
export const stsPatterns: Readonly<Record<Said, RegExp>> = {
  // Locked, disabled, suspended: alike for whoever wants to sign in.
  locked:
    /(account|user|sign-?in)\b.{0,40}\b(locked|disabled|deactivated|suspended|blocked)\b|\blocked out\b|(konto|benutzer\S*|zugang)\b.{0,40}(gesperrt|deaktiviert)|compte\b.{0,40}(verrouillé|bloqué|désactivé|suspendu)|(cuenta|conta|usuario|usuário)\b.{0,40}(bloquead|deshabilitad|desactivad|inhabilitad|suspendid|desativad|suspens)|(account|utente)\b.{0,40}(bloccat|disabilitat|disattivat|sospes)|account\b.{0,40}(vergrendeld|geblokkeerd|uitgeschakeld)|konto.{0,40}(låst|spärra|inaktivera|deaktiver|spærret|sperret|zablokowan|wyłączon)|účet.{0,40}(uzamčen|zablokován|zakázán)|(уч[её]тная запись|аккаунт).{0,40}(заблокирован|отключен|отключён)|hesab.{0,40}(kilitlen|kilitli|devre dışı|bloke)|アカウント.{0,20}(ロック|無効|停止)|(帐户|账户|帐号|账号|帳戶|帳號|用户).{0,12}(锁定|鎖定|禁用|停用|冻结)|계정.{0,20}(잠겼|잠겨|잠금|비활성)|حساب.{0,40}(مقفل|معطل|قفل|تعطيل)/i,
  expired:
    /password .{0,30}expired|(must|need to) (update|change) your password|(kennwort|passwort)\S*.{0,30}abgelaufen|(kennwort|passwort)\S* .{0,20}ändern müssen|müssen .{0,20}(kennwort|passwort)\S* .{0,20}ändern|mot de passe .{0,20}expiré|contraseña .{0,20}(caducad|expirad|vencid)o?a?|senha .{0,20}expir(ou|ada)|password .{0,20}scaduta|wachtwoord .{0,20}verlopen|парол.{0,30}ист[её]к(?!а)|(parola|şifre).{0,40}(doldu|dolmuş)|パスワード.{0,20}(切れました|切れています)|密码.{0,8}已.{0,4}(过期|到期)|비밀번호.{0,20}만료되었|انتهت.{0,30}كلمة المرور/i,
  'second-factor':
    /authenticator|push notification|two-?(factor|step)|multi-?factor|verification code|one-?time (pass)?code|security key|passkey|verify (your identity|it['’]?s you|that it['’]?s you)|(approve|confirm|respond to|check for)\b.{0,40}(sign-?in|log-?in|push|notification|request)|(notification|code|text message|sms)\b.{0,60}\b(phone|mobile|device)|benachrichtigung.{0,60}(mobil|handy|telefon|gerät|app\b)|(anmeldung|identität).{0,30}(bestätigen|überprüfen)|bestätig\w+ .{0,20}(anmeldung|identität)|zwei-?(faktor|stufig)|bestätigungscode|notification.{0,60}(téléphone|appareil)|vérifi(er|ez) votre identité|double authentification|code de vérification|notificación.{0,60}(teléfono|móvil|dispositivo)|verifi(car|que) su identidad|(dos|doble) (pasos|factor)|código de verificación|codice di verifica|due fattori|verificatiecode|уведомлени.{0,60}(телефон|устройств)|двухфакторн|подтвердите .{0,20}(вход|личность)|код подтверждения|bildirim.{0,60}(telefon|cihaz)|iki (adımlı|faktörlü)|doğrulama kodu|認証アプリ|二段階|多要素|確認コード|通知.{0,30}(送信|承認)|验证码|双重验证|两步验证|多重身份|身份验证器|인증 앱|2단계|인증 코드|رمز التحقق|المصادقة الثنائية/i,
  'prove-human':
    /captcha|not a robot|kein roboter|robot|are (a )?human|characters (you see|in the (picture|image))|zeichen (im|aus dem) bild|caractères de l.image|символы с картинки|画像の文字|图片中的字符/i,
};

/** Not that it is so, but that it may be, or will be. */
const hedges =
  /(?<!\p{L})(will|would|may|might|could|can be|if|unless|not|or|wird|werden|kann|könnte|falls|nicht|oder|sera|peut|pourrait|pas|ou|será|puede|podría|pode|no está|può|potrebbe|sarà|non|wordt|kan|niet|zostanie|może|будет|может|если|не|или|kilitlenecek|olabilir|değil|veya)(?!\p{L})|n't|n’t|されます|可能性|場合|または|将|可能|或|됩니다|수 있/iu;

/**
 * The sentence in which the STS says it, after the credentials were given; null when it did not.
 * For a second factor and the like only pages that are no sign-in form count.
 */
export function stsSays(evidence: Pick<RouteEvidence, 'settings' | 'pages'>, what: Said): StsWords | null {
  const sts = stsHost(evidence);
  const typedAt = evidence.pages.findIndex(({ kind, action }) => kind === 'sts-forms' && /credentials|password/i.test(action));
  if (typedAt < 0) return null;
  for (const page of evidence.pages.slice(typedAt + 1)) {
    if (hostOf(page.url) !== sts || (what === 'second-factor' && page.kind !== 'unknown')) continue;
    const text = sentences(page).find(
      (sentence) => stsPatterns[what].test(sentence) && (what === 'second-factor' || what === 'prove-human' || !hedges.test(sentence)),
    );
    if (text) return { text, ref: `page:${page.n}` };
  }
  return null;
}

/** What a sign-in form complains of; what any other page says. */
function sentences({ kind, title, texts }: PageVisit): readonly string[] {
  const said = kind === 'sts-forms' ? complaint(texts) : kind === 'unknown' || kind === 'http-error' ? `${title}. ${texts['message'] ?? ''}` : '';
  return (said ?? '').split(/(?<=[.!?])\s+|(?<=[。！？])/).filter(Boolean);
}

/** The words of a form that came again: in an element made for them, in a dialog, or those it had not before. */
export const complaint = (texts: PageVisit['texts']): string | null =>
  Object.entries(texts)
    .find(([name, text]) => /errortext/i.test(name) && text.trim() !== '')?.[1]
    .trim() ??
  texts['dialogText'] ??
  texts['newText'] ??
  null;
