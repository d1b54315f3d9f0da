/**
 * Words of pages that stand between password and token, in the languages such pages mostly come in. Pages are quoted in evidence whatever their language;
 * these decide what may be pressed.
 */

/** Pages that may be left behind: nothing is agreed to, changed or given by going on. */
export const passingPages: readonly { readonly is: string; readonly says: RegExp; readonly press: readonly RegExp[] }[] = (() => {
  const yes = /^(yes|ja|oui|sí|si|sim|sì|да|はい|是|evet|نعم|tak|ano|igen|예|네|kyllä)$/i;
  const goOn =
    /^(continue|proceed|go on|ok|okay|weiter|fortfahren|continuer|poursuivre|continuar|seguir|continua|avanti|doorgaan|verder|fortsätt|fortsæt|fortsett|jatka|kontynuuj|dalej|pokračovat|продолжить|далее|devam( et)?|続行|続ける|次へ|继续|繼續|계속|متابعة|استمرار)( (to|zu|zur|mit|vers|a|naar|till|til) .{1,40})?$/i;
  const later =
    /^(later|not now|skip( for now)?|remind me later|ask me later|maybe later|später( ändern| erinnern)?|jetzt nicht|nicht jetzt|überspringen|plus tard|pas maintenant|ignorer|más tarde|ahora no|omitir|più tardi|non ora|salta|later wijzigen|niet nu|overslaan|senare|inte nu|później|nie teraz|позже|не сейчас|пропустить|daha sonra|şimdi değil|atla|後で|今はしない|スキップ|以后再说|稍后|暂不|跳过|나중에|لاحقا|لاحقًا|ليس الآن|تخطي)$/i;
  const no = /^(no|nein|non|não|нет|いいえ|否|不|hayır|لا|nie|ne|nem|아니요|nee|nej|nei|ei)$/i;
  return [
    {
      is: 'asks whether to stay signed in',
      says: /stay(ing)? signed in|keep me (signed|logged) in|remain signed in|angemeldet bleiben|rester connecté|mantener la sesión|permanecer conectad|seguir conectad|restare conness|rimanere conness|aangemeld blijven|förbli inloggad|forbliv logget|forbli (pålogget|logget)|pozosta. zalogowan|zůstat přihlášen|остаться в системе|оставаться в системе|oturum(unuz)?(un)? açık kals|oturumu açık|サインインの状態を維持|ログイン状態を保持|保持登录|保持登入|로그인 상태를? 유지|البقاء مسجل/i,
      // Yes: a "No" may end the session.
      press: [yes, goOn, later, no],
    },
    {
      is: 'says that the password will expire',
      says: /password.{0,40}(will expire|expires|about to expire|is expiring|expiring soon)|(kennwort|passwort)\S*.{0,40}(läuft|laufen).{0,30}\bab\b|(kennwort|passwort)\S*.{0,40}wird.{0,30}ablaufen|mot de passe.{0,40}(expire (dans|le|bientôt)|expirera|va expirer)|contraseña.{0,40}(caduca (en|el)|caducará|expira (en|el)|expirará|vence)|password.{0,40}scadr|wachtwoord.{0,40}verloopt|парол.{0,40}(истекает|истечет|истечёт)|(şifre|parola).{0,60}(dolacak|dolmak)|パスワード.{0,40}(日後|まもなく).{0,20}(期限|切れ)|密码.{0,20}(将|即将).{0,20}(过期|到期)/i,
      press: [later, goOn],
    },
    {
      is: 'says that the user is signed in',
      says: /you (are|have been|'re|’re) (now )?(successfully )?(signed|logged) (in|on)\b|(login|sign-?in|logon|authentication) (was |is )?(successful|succeeded)|last (successful )?(sign-?in|log-?[io]n)|successfully (signed|logged|authenticated)|sie (sind|wurden) (jetzt |nun |erfolgreich )?angemeldet|erfolgreich angemeldet|(anmeldung|login) (war )?erfolgreich|letzte anmeldung|vous êtes (maintenant |désormais )?connecté|connexion réussie|dernière connexion|ha iniciado sesión|inicio de sesión correcto|último (acceso|inicio)|accesso (eseguito|riuscito)|ultimo accesso|u bent aangemeld|вы вошли|вход выполнен|последний вход|oturum(unuz)? açıldı|giriş başarılı|サインインしました|ログインしました|前回の(ログイン|サインイン)|已登录|登录成功|上次登录|로그인되었습니다|تم تسجيل الدخول/i,
      press: [goOn],
    },
  ];
})();

/**
 * Whoever goes on here agrees to something, gives something away, or changes something: nothing a probe may do for an account. Looked for outside of links:
 * every footer has some.
 */
export const decisionWords =
  /agree|accept|consent|\bterms\b|condition|polic(y|ies)|permission|grant|allow|authori[sz]e|approv|would like (to|access)|wants to|requests? access|shar(e|ing) |privacy|disclaimer|monitored|delete|remove|another (device|session|location)|elsewhere|active sessions|(end|close|terminate)\b.{0,20} session|zustimm|einverstanden|akzept|einwillig|bedingung|richtlinie|berechtig|erlaub|freig[ae]b|datenschutz|überwach|lösch|aktive sitzung|sitzungen? (wird|werden|beend)|accept(er|ez|e) |autoris|permett|politique|données|acept|condicion|términos|permis|autoriz|política|datos|accett|consens|condizion|termini|akkoord|toestem|voorwaard|godkän|villkor|vilkår|samtyk|zgod|warunk|souhlas|podmín|соглас|услови|разреш|политик|kabul|onay|izin|koşul|同意|許可|承諾|承认|規約|利用条件|ポリシー|授权|授權|条款|條款|允许|接受|隐私|동의|약관|허용|أوافق|موافق|شروط|إذن|سياسة/i;

/** What a button must not say besides. */
export const harmfulLabels =
  /chang|updat|reset|sign.?(out|off|up)|log.?(out|off)|regist|delete|remove|cancel|änder|aktualis|abmeld|lösch|abbrech|modif|changer|déconn|annul|cambi|actualiz|cerrar|cancel|esci|wijzig|afmeld|измен|смен|выйти|отмен|değiş|çıkış|iptal|変更|ログアウト|サインアウト|キャンセル|更改|修改|注销|退出|取消|변경|로그아웃|취소|تغيير|خروج|إلغاء/i;
