// What pages say after a sign-in, by meaning and language: whether it went wrong, still goes on, or worked. To add a word, write it into
// its language's line; words of a line are divided by commas. Spelling is as in spelling.ts: no accents, small letters.
import { compile, normalise } from '../extension/spelling.ts';

const VOCABULARY = {
  /** What a sign-in can go wrong with. */
  subject: {
    en: 'password, passphrase, passcode, pin, username, user name, user, login, log in, sign in, signin, logon, log on, credential, credentials, account, email, e mail, authentication, authenticate, authorization, code, details, combination, identity, member, customer, data you entered, information you entered, token, otp, failed attempts, many attempts, unsuccessful attempts, many tries',
    'zh-CN':
      '密码, 口令, 用户, 账号, 帐号, 账户, 帐户, 邮箱, 手机号, 登录, 登陆, 登入, 凭据, 认证, 验证, 动态码, 身份, 尝试次数, 次数过多, 次数超, 次数已, 尝试过多',
    'zh-TW': '密碼, 使用者, 用戶, 帳號, 帳戶, 信箱, 登錄, 憑證, 驗證, 認證, 身分, 嘗試次數, 次數過多, 次數超, 次數已',
    ja: 'パスワード, 暗証番号, ユーザ, アカウント, メールアドレス, ログイン, サインイン, 認証, 資格情報, 会員, コード, 試行回数, 回数を超え',
    ko: '비밀번호, 암호, 아이디, 사용자, 계정, 이메일, 로그인, 인증, 자격 증명, 회원, 시도 횟수, 너무 많이 시도, 시도가 너무',
    de: 'passwort, kennwort, benutzer, anmelde, anmeldung, zugangsdaten, konto, nutzer, login, kennung, authentifizierung, logindaten, viele versuche, viele fehlversuche, viele fehlgeschlagene',
    fr: 'mot de passe, identifiant, utilisateur, connexion, compte, adresse e mail, adresse mail, authentification, courriel, trop de tentatives, trop d essais',
    es: 'contrasena, clave, usuario, cuenta, correo, credencial, inicio de sesion, iniciar sesion, autenticacion, acceso, demasiados intentos, muchos intentos',
    pt: 'senha, palavra passe, usuario, utilizador, conta, credenciais, autenticacao, acesso, iniciar sessao, entrar, muitas tentativas, demasiadas tentativas',
    it: 'password, utente, credenziali, accesso, autenticazione, accedere, troppi tentativi',
    ru: 'парол, логин, пользовател, учетн, аккаунт, почт, вход, войти, авторизац, аутентификац, данные, много попыток, много неудачных',
    nl: 'wachtwoord, gebruiker, inlog, aanmeld, gegevens, verificatie, veel pogingen, veel mislukte',
    pl: 'haslo, hasla, uzytkownik, login, logowani, zalogowa, konto, konta, dane, uwierzytelni, wiele prob, duzo prob, wiele nieudanych',
    tr: 'sifre, parola, kullanici, hesap, eposta, e posta, giris, oturum, kimlik, hesabi, bilgiler, fazla deneme',
    ar: 'كلمة المرور, كلمة السر, المستخدم, الحساب, البريد, تسجيل الدخول, الدخول, بيانات, المصادقة, محاولات كثيرة, المحاولات',
  },
  /** What is said of it. */
  wrong: {
    en: 'incorrect, invalid, wrong, not valid, not correct, isn t correct, isn t valid, isn t right, not right, not match, n t match, mismatch, not recognised, not recognized, n t recognise, n t recognize, not found, n t find, could not find, cannot find, not exist, n t exist, unknown, fail, failed, failure, denied, rejected, refused, not accepted, unauthorized, unauthorised, not authorized, not authorised, not allowed, not permitted, n t work, unsuccessful, unable to, could not, couldn t, cannot be verified, locked, disabled, deactivated, blocked, suspended, banned, too many, no account, no user, no such, n t have an account, error, bad, inactive, not active, not registered, not successful, n t successful, without success, not succeed, n t succeed, no active account',
    'zh-CN':
      '错误, 不正确, 有误, 失败, 无效, 不存在, 不匹配, 不一致, 不符, 锁定, 冻结, 禁用, 停用, 过多, 未找到, 找不到, 拒绝, 未通过, 不对, 出错, 过期, 未注册, 不成功, 未成功, 没有成功, 没成功, 未能成功',
    'zh-TW': '錯誤, 不正確, 有誤, 失敗, 無效, 鎖定, 停權, 拒絕, 不對, 找不到, 不成功, 未成功, 沒有成功, 查無',
    ja: '間違, 誤り, 誤って, 正しくありません, 正しくない, 違います, 一致しません, 無効, 失敗, 見つかりません, 存在しません, 認証できません, できませんでした, ロックされ, 不正, エラー, 異なります, 成功しません, 成功していません, 成功しなかった, お確かめ, 上限を超え, 回数を超え',
    ko: '잘못, 올바르지, 틀렸, 틀립니다, 일치하지, 유효하지, 실패, 없습니다, 존재하지, 찾을 수 없, 잠겼, 잠금, 오류, 거부, 확인해, 성공하지, 성공적이지, 다릅니다, 맞지 않, 등록되지',
    de: 'falsch, ungultig, inkorrekt, nicht korrekt, nicht richtig, stimmt nicht, stimmen nicht, fehlgeschlagen, gescheitert, unbekannt, nicht gefunden, existiert nicht, nicht erkannt, verweigert, abgelehnt, gesperrt, deaktiviert, fehler, fehlerhaft, nicht moglich, konnte nicht, konnten nicht, zu viele, keine berechtigung, nicht gultig, nicht erfolgreich, erfolglos, ohne erfolg, nicht geklappt, misslungen, kein benutzer, uberprufen sie, uberprufe dein',
    fr: 'incorrect, invalide, errone, mauvais, inconnu, echoue, echec, introuvable, n existe pas, ne correspond, refuse, bloque, verrouille, desactive, erreur, faux, pas valide, pas reconnu, impossible, trop de, non valide, pas pu, pas reussi, pas abouti, sans succes, n est pas correct, ne reconnaissons pas',
    es: 'incorrect, invalid, erronea, erroneo, equivocad, no coincide, no valid, no es valid, fallid, fallo, fallado, no existe, no encontrad, no se encontr, no encontramos, desconocid, denegad, rechazad, bloquead, desactivad, error, no es correct, no son correct, no se pudo, no hemos podido, demasiados, no reconoc, sin exito, no ha tenido exito, no fue exitos, no tuvo exito',
    pt: 'incorret, invalid, errad, nao confere, nao corresponde, nao conferem, nao coincide, falhou, falha, nao existe, nao encontrad, desconhecid, negado, recusad, bloquead, desativad, erro, nao e valid, nao foi possivel, muitas tentativas, sem sucesso, nao foi bem sucedid, nao teve sucesso, mal sucedid, nao esta corret, nao estao corret, nao sao valid',
    it: 'errat, non valid, non corrett, non corrispond, sbagliat, non riuscit, fallit, non esiste, non trovat, sconosciut, negato, rifiutat, bloccat, disattivat, errore, non e corrett, non e valid, impossibile, troppi, senza successo, non ha avuto successo, non sono corrett, non sono valid, inesistent',
    ru: 'неверн, неправильн, некорректн, недействительн, ошибк, ошибоч, не совпада, не найден, не существует, не удалось, не подходит, отказано, заблокирован, отключен, неизвестн, слишком много, не распознан, не прошла, не успеш, неуспеш, безуспешн, не выполнен',
    nl: 'onjuist, ongeldig, verkeerd, niet juist, niet correct, klopt niet, kloppen niet, mislukt, onbekend, niet gevonden, bestaat niet, geweigerd, geblokkeerd, fout, komt niet overeen, komen niet overeen, te veel, niet gelukt, niet herkend, niet geslaagd, niet succesvol, zonder succes, niet bekend',
    pl: 'nieprawidlow, niepoprawn, bledn, blad, zle, nie pasuj, nie udalo, nie powiodl, nie istnieje, nie znaleziono, nieznan, odmow, zablokowan, nieudan, zbyt wiele, niepowodzeni, niepomysln, nie zakonczyl, nie ma takiego, niewlasciw',
    tr: 'yanlis, hatali, gecersiz, hata, basarisiz, bulunamadi, eslesmiyor, uyusmuyor, dogru degil, reddedildi, kilitlendi, engellendi, mevcut degil, taninmadi, cok fazla, yapilamadi, basarili degil, basarili olmadi',
    ar: 'غير صحيح, خاطئ, خطأ, غير صالح, فشل, غير موجود, لا تتطابق, غير متطابق, غير معروف, مرفوض, مقفل, محظور, تعذر, غير مسجل, لم ينجح, لم تنجح, غير ناجح, دون نجاح, بدون نجاح',
  },
  /** A failure by itself, whatever it is of. */
  failure: {
    en: 'access denied, unauthorized, unauthorised, forbidden, something went wrong, an error occurred, an error has occurred, that didn t work, that did not work, please try again, try again, try once more, retry, check your details, oops, too many attempts',
    'zh-CN': '请重试, 重试, 再试一次, 请重新输入, 重新登录, 重新登陆, 操作失败, 拒绝访问, 没有权限, 无权访问, 出错了',
    'zh-TW': '請重試, 請重新輸入, 重新登入, 再試一次',
    ja: 'もう一度お試し, 再度お試し, 再試行, やり直して, アクセスが拒否, エラーが発生, 権限がありません, 再度入力, もう一度入力',
    ko: '다시 시도, 다시 입력, 접근이 거부, 오류가 발생, 권한이 없',
    de: 'erneut versuchen, versuchen sie es erneut, noch einmal versuchen, nochmals versuchen, versuch es noch, zugriff verweigert, kein zugriff, etwas ist schiefgelaufen, etwas ist schief gelaufen, fehler ist aufgetreten, ist ein fehler, hat nicht geklappt',
    fr: 'veuillez reessayer, reessayer, reessayez, acces refuse, acces interdit, une erreur est survenue, une erreur s est produite, nouvel essai',
    es: 'intentelo de nuevo, intentalo de nuevo, intente de nuevo, vuelva a intentar, vuelve a intentar, reintentar, acceso denegado, ha ocurrido un error, algo salio mal, intente nuevamente',
    pt: 'tente novamente, tentar novamente, acesso negado, ocorreu um erro, algo deu errado',
    it: 'riprova, riprovare, accesso negato, si e verificato un errore, qualcosa e andato storto',
    ru: 'попробуйте еще раз, попробуйте снова, повторите попытку, повторить попытку, доступ запрещен, произошла ошибка, что то пошло не так, доступ закрыт',
    nl: 'probeer het opnieuw, probeer opnieuw, opnieuw proberen, toegang geweigerd, er is iets misgegaan, er ging iets mis, fout opgetreden',
    pl: 'sprobuj ponownie, sprobuj jeszcze raz, ponow probe, odmowa dostepu, wystapil blad, cos poszlo nie tak, brak dostepu',
    tr: 'tekrar deneyin, yeniden deneyin, tekrar dene, erisim engellendi, erisim reddedildi, bir hata olustu, bir seyler ters gitti',
    ar: 'حاول مرة أخرى, أعد المحاولة, إعادة المحاولة, تم رفض الوصول, حدث خطأ, المحاولة مرة أخرى',
  },
  /** What is told of the past says nothing of this sign-in. */
  past: {
    en: 'last failed, last login, last sign in, last logged, previous, since, recent, history, ago, attempts 0, no failed, sign ins, logins, login failures, sign in failures, login errors, sign in errors, locked accounts, disabled users, blocked users',
    'zh-CN': '上次, 最近, 历史, 次失败, 记录, 次数, 日志, 策略',
    'zh-TW': '上次, 最近, 歷史, 紀錄, 次數, 日誌, 政策',
    ja: '前回, 最近, 履歴, 失敗したログイン',
    ko: '최근, 지난, 기록',
    de: 'letzte, zuletzt, seit, fehlgeschlagene anmeldungen, fehlversuche',
    fr: 'dernier, derniere, depuis, historique, echecs de connexion, connexions echouees',
    es: 'ultimo, ultima, desde, historial, intentos fallidos, accesos fallidos',
    pt: 'tentativas falhadas, acessos falhados, ultimo acesso',
    it: 'ultimo accesso, dall ultimo, cronologia, accessi non riusciti, tentativi falliti',
    ru: 'последн, с момента, истори, неудачные попытки, неудачные входы',
    nl: 'laatste, sinds, geschiedenis, mislukte aanmeldingen, mislukte pogingen',
    pl: 'ostatni, historia, nieudane logowania, nieudane proby',
    tr: 'son giris, son basarisiz, gecmis, basarisiz girisler',
    ar: 'آخر تسجيل, آخر محاولة',
  },
  /** "Too many failed logins" tells of the past, and refuses. */
  tooMany: {
    en: 'too many, exceeded',
    'zh-CN': '过多, 太多, 超过, 超出, 超限, 上限, 多次',
    'zh-TW': '過多, 太多, 超過, 上限, 多次',
    ja: '多すぎ, 超え, 上限, 回数',
    ko: '너무 많, 초과',
    de: 'zu viele, zu oft',
    fr: 'trop de',
    es: 'demasiad',
    pt: 'muitas tentativas, demasiad, excedid',
    it: 'troppi, troppe',
    ru: 'слишком',
    nl: 'te veel, te vaak',
    pl: 'zbyt, za duzo',
    tr: 'cok fazla',
    ar: 'كثيرة, عدد كبير, تجاوز',
  },
  /** How many attempts are left. */
  left: {
    en: 'left, remaining, remain',
    'zh-CN': '剩余, 还剩, 还有, 还可',
    'zh-TW': '剩餘, 還剩, 還有, 還可',
    ja: '残り, あと',
    ko: '남은, 남았',
    de: 'verbleiben, ubrig, noch',
    fr: 'restant, reste',
    es: 'restante, quedan, queda',
    pt: 'restante, restam, resta',
    it: 'rimanent, rimast, rimangono',
    ru: 'остал',
    nl: 'resterend, over, resteren',
    pl: 'pozostal',
    tr: 'kalan, kaldi',
    ar: 'متبق, تبقى',
  },
  /** Not the person but the site or the line has failed, or the form has stood too long: nothing was judged. */
  broken: {
    en: 'network error, network problem, server error, internal error, connection error, connection failed, timed out, timeout, unavailable, maintenance, offline, no connection, could not connect, could not reach, cannot reach, couldn t reach, bad gateway, failed to fetch, reach the server, reach our server, with our server, with the server, no internet, page has expired, page expired, form has expired, form expired, session has expired, session expired, session timed out, csrf, token mismatch, enable cookies, cookies are disabled, cookies are blocked, cookies are turned off, browser is not supported, unsupported browser, browser is no longer supported, enable javascript, javascript is disabled, javascript is required',
    'zh-CN':
      '网络错误, 网络异常, 网络连接, 服务器错误, 服务器异常, 服务器繁忙, 系统繁忙, 系统错误, 系统异常, 超时, 维护, 暂不可用, 开小差, 服务异常, 网络不, 会话已过期, 会话过期, 登录已过期, 登录过期, 页面已过期, 页面过期, 页面已失效, 会话已失效, csrf, 启用cookie, 启用 cookie, 开启cookie, 开启 cookie, 禁用了cookie, 禁用了 cookie, 浏览器不支持, 不支持您的浏览器, 不支持当前浏览器, 浏览器版本过低',
    'zh-TW':
      '網路錯誤, 伺服器錯誤, 系統忙碌, 逾時, 維護, 網路連線, 網路異常, 工作階段已過期, 頁面已過期, 登入已過期, 啟用 cookie, 啟用cookie, 瀏覽器不支援, 不支援您的瀏覽器',
    ja: 'ネットワークエラー, サーバーエラー, 通信エラー, タイムアウト, メンテナンス, 接続できません, ネットワークに接続, サーバーに接続, セッションが切れ, セッションの有効期限, ページの有効期限, cookieを有効, cookie を有効, クッキーを有効, ブラウザには対応していません, サポートされていないブラウザ',
    ko: '네트워크 오류, 서버 오류, 시간 초과, 점검, 연결할 수 없, 네트워크 연결, 서버에 연결, 세션이 만료, 세션 만료, 페이지가 만료, 쿠키를 허용, 쿠키를 사용, 지원되지 않는 브라우저, 지원하지 않는 브라우저',
    de: 'netzwerkfehler, serverfehler, verbindungsfehler, zeituberschreitung, nicht erreichbar, wartung, nicht verfugbar, keine verbindung, server antwortet nicht, sitzung ist abgelaufen, sitzung abgelaufen, seite ist abgelaufen, formular ist abgelaufen, cookies aktivieren, aktivieren sie cookies, cookies sind deaktiviert, browser wird nicht unterstutzt, javascript aktivieren',
    fr: 'erreur reseau, erreur du serveur, erreur serveur, erreur de connexion au serveur, delai depasse, indisponible, maintenance, injoignable, serveur ne repond, probleme de reseau, probleme reseau, session a expire, session expiree, page a expire, page expiree, formulaire a expire, activer les cookies, activez les cookies, cookies sont desactives, navigateur n est pas pris en charge, navigateur non pris en charge',
    es: 'error de red, error del servidor, error de conexion, tiempo de espera, no disponible, mantenimiento, servidor no responde, sesion ha caducado, sesion ha expirado, sesion caducada, sesion expirada, pagina ha caducado, pagina ha expirado, habilite las cookies, habilitar las cookies, active las cookies, cookies estan desactivadas, navegador no es compatible, navegador no compatible',
    pt: 'erro de rede, erro do servidor, erro no servidor, erro de conexao, tempo esgotado, indisponivel, manutencao, sem ligacao, sem conexao, servidor nao responde, sessao expirou, sessao expirada, pagina expirou, pagina expirada, habilite os cookies, ative os cookies, cookies estao desativados, navegador nao e compativel, navegador nao suportado',
    it: 'errore di rete, errore del server, errore di connessione, tempo scaduto, non disponibile, manutenzione, server non risponde, problema di rete, nessuna connessione, sessione scaduta, sessione e scaduta, pagina scaduta, pagina e scaduta, abilita i cookie, abilitare i cookie, attivare i cookie, cookie sono disattivati, browser non e supportato, browser non supportato',
    ru: 'ошибка сети, ошибка сервера, ошибка соединения, время ожидания, недоступ, техническ, нет соединения, сервер не отвечает, сеанс истек, сессия истекла, срок действия сессии, срок действия страницы, страница устарела, включите cookie, включите файлы cookie, cookie отключены, браузер не поддерживается, неподдерживаемый браузер',
    nl: 'netwerkfout, serverfout, verbindingsfout, niet bereikbaar, niet beschikbaar, onderhoud, geen verbinding, server reageert niet, sessie is verlopen, sessie verlopen, pagina is verlopen, schakel cookies in, cookies inschakelen, cookies zijn uitgeschakeld, browser wordt niet ondersteund',
    pl: 'blad sieci, blad serwera, blad polaczenia, niedostepn, przerwa techniczna, brak polaczenia, serwer nie odpowiada, sesja wygasla, strona wygasla, wlacz cookie, wlacz obsluge cookie, wlacz pliki cookie, cookies sa wylaczone, przegladarka nie jest obslugiwana',
    tr: 'ag hatasi, sunucu hatasi, baglanti hatasi, zaman asimi, bakim, kullanilamiyor, sunucuya, baglanilamadi, oturum suresi dol, oturumunuzun suresi, oturum zaman asim, sayfanin suresi, cerezleri etkinlestir, cerezler devre disi, tarayiciniz desteklenmiyor',
    ar: 'خطأ في الشبكة, خطأ في الخادم, انتهت المهلة, صيانة, غير متاح, خطأ في الاتصال, الاتصال بالخادم, انتهت الجلسة, انتهت صلاحية الجلسة, انتهت صلاحية الصفحة, تفعيل ملفات تعريف الارتباط, تمكين ملفات تعريف الارتباط, المتصفح غير مدعوم, متصفحك غير مدعوم',
  },
  /** What only the person has is asked for, here or elsewhere. */
  asks: {
    en: 'check your phone, check your device, check your email, check your inbox, check your mail, sent a notification, sent you a notification, we sent an e mail, we sent you an e mail, we sent an email, we sent you an email, follow the link, approve the request, approve this sign, approve sign in, confirm it s you, verify it s you, verify your identity, verify this device, confirm your identity, security question, choose how to verify, choose a way to verify, how do you want to, tap yes, open the app, additional verification, unusual activity, unrecognized device, new device, two step verification, 2 step verification, two factor authentication, identity verification, waiting for approval, recognise this device, recognize this device, recognise your device, recognize your device, how would you like to verify, name of your first, recovery code, backup code',
    'zh-CN':
      '选择验证方式, 安全验证, 身份验证, 二次验证, 安全问题, 密保问题, 请在手机上确认, 手机上确认, 已发送邮件, 查收邮件, 扫码验证, 设备验证, 异地登录, 恢复码, 恢复代码, 备用码, 备用验证码',
    'zh-TW': '選擇驗證方式, 安全驗證, 身分驗證, 安全問題, 請在手機上確認, 裝置驗證, 復原碼, 備用碼',
    ja: '本人確認, 秘密の質問, 確認方法を選択, スマートフォンで承認, メールを送信しました, 追加認証, セキュリティの質問, リカバリーコード, リカバリコード, バックアップコード',
    ko: '본인 확인, 본인확인, 보안 질문, 인증 방법 선택, 휴대폰에서 승인, 이메일을 보냈, 추가 인증, 복구 코드, 백업 코드',
    de: 'sicherheitsfrage, auf ihrem handy bestatigen, auf ihrem gerat, identitat bestatigen, bestatigen sie ihre identitat, e mail gesendet, e mail geschickt, benachrichtigung gesendet, prufen sie ihr, folgen sie dem link, neues gerat, zusatzliche bestatigung, wiederherstellungscode, ersatzcode',
    fr: 'question de securite, question secrete, verifiez votre telephone, verifiez votre identite, confirmez votre identite, nous avons envoye, verifiez vos mails, consultez vos e mails, nouvel appareil, choisissez un mode de verification, code de secours, code de recuperation',
    es: 'pregunta de seguridad, pregunta secreta, revise su telefono, revisa tu telefono, verifique su identidad, verifica tu identidad, confirma tu identidad, hemos enviado, revise su correo, revisa tu correo, nuevo dispositivo, codigo de recuperacion, codigo de respaldo',
    pt: 'pergunta de seguranca, pergunta secreta, verifique seu telefone, verifique seu celular, verifique sua identidade, confirme sua identidade, enviamos um, verifique seu e mail, novo dispositivo, codigo de recuperacao',
    it: 'domanda di sicurezza, domanda segreta, controlla il telefono, verifica la tua identita, conferma la tua identita, abbiamo inviato, controlla la posta, nuovo dispositivo, codice di recupero',
    ru: 'контрольный вопрос, секретный вопрос, подтвердите вход, подтвердите личность, проверьте телефон, проверьте почту, мы отправили, новое устройство, подтвердите, что это вы, резервный код, код восстановления',
    nl: 'beveiligingsvraag, controleer je telefoon, controleer uw telefoon, bevestig je identiteit, bevestig uw identiteit, we hebben een, controleer je e mail, nieuw apparaat, herstelcode',
    pl: 'pytanie zabezpieczajace, pytanie pomocnicze, sprawdz telefon, potwierdz tozsamosc, potwierdz swoja tozsamosc, wyslalismy, sprawdz poczte, nowe urzadzenie, kod zapasowy, kod odzyskiwania',
    tr: 'guvenlik sorusu, gizli soru, telefonunuzu kontrol, kimliginizi dogrulayin, e posta gonderdik, bildirim gonderdik, yeni cihaz, kurtarma kodu, yedek kod',
    ar: 'سؤال الأمان, السؤال السري, تحقق من هاتفك, تأكيد هويتك, تحقق من هويتك, أرسلنا, تحقق من بريدك, جهاز جديد, رمز الاسترداد, رمز احتياطي',
  },
  /** What has to be done about something that only the person has. */
  confirms: {
    en: 'approve, approval, confirm, verify, tap, check your, open your, open the, sent, emailed, mailed you, on its way, choose, select, pick a, answer, waiting for, receive, follow, click the, get a, prove',
    'zh-CN': '确认, 批准, 发送, 发了, 选择, 验证, 认证, 回答, 点击, 打开',
    'zh-TW': '確認, 批准, 寄出, 傳送, 發送, 選擇, 驗證, 回答, 點擊, 開啟',
    ja: '承認, 確認, 送信しました, お送りしました, 選択, 選んで, 答え, 回答, クリック, 開いて, タップ, 認証',
    ko: '승인, 확인, 보냈, 보내드렸, 전송, 선택, 답변, 답해, 클릭, 열어, 인증',
    de: 'bestatig, genehmig, freigeben, gesendet, geschickt, wahlen, beantwort, offnen sie, prufen sie, klicken sie, tippen',
    fr: 'approuve, confirm, verifi, envoye, choisi, selectionne, repond, cliquez, ouvrez, consultez, appuyez',
    es: 'aprueb, aprobar, confirm, verifi, enviado, enviamos, elige, elija, selecciona, seleccione, respond, haz clic, haga clic, abre, abra, revisa, revise',
    pt: 'aprov, confirm, verifi, enviamos, enviado, escolh, selecion, respond, clique, abra',
    it: 'approva, conferma, verifica, inviato, scegli, selezion, rispond, clicca, apri, controlla',
    ru: 'подтверд, отправ, выберите, ответьте, откройте, перейдите, проверьте, нажмите',
    nl: 'bevestig, goedkeur, keur, gestuurd, verstuurd, verzonden, kies, selecteer, beantwoord, klik, open de, controleer, tik op',
    pl: 'zatwierdz, potwierdz, wyslalismy, wyslano, wybierz, odpowiedz, kliknij, otworz, sprawdz, dotknij',
    tr: 'onayla, dogrula, gonderdik, gonderildi, secin, yanitla, tiklayin, acin, dokunun',
    ar: 'وافق, تأكيد, أكد, تحقق, أرسلنا, اختر, أجب, انقر, افتح',
  },
  /** What that is, or where. */
  elsewhere: {
    en: 'phone, device, mobile, authenticator, an e mail, an email, you an, your e mail, your email, inbox, mailbox, link, push, notification, identity, verification, a code, your code, it s you, it s really you, it is you, sign in request, security question',
    'zh-CN': '手机, 客户端, 设备, 邮箱, 邮件, 链接, 推送, 身份, 验证方式, 认证方式, 密保, 安全问题',
    'zh-TW': '手機, 裝置, 信箱, 郵件, 連結, 推播, 身分, 驗證方式, 認證方式, 安全問題',
    ja: 'スマートフォン, スマホ, 端末, 携帯, メール, リンク, 通知, 本人, 認証方法, 確認方法, 秘密の質問',
    ko: '휴대폰, 휴대전화, 기기, 이메일, 링크, 알림, 본인, 인증 방법, 인증 수단, 보안 질문',
    de: 'handy, smartphone, telefon, gerat, e mail, link, nachricht, identitat, methode, sicherheitsfrage, dass sie es, dass du es',
    fr: 'telephone, mobile, appareil, e mail, courriel, lien, notification, identite, methode de verif, question de securite, bien de vous, bien vous',
    es: 'movil, telefono, celular, dispositivo, correo, enlace, notificacion, identidad, metodo de verif, pregunta de seguridad, eres tu, es usted',
    pt: 'celular, telemovel, telefone, dispositivo, e mail, link, notificacao, identidade, metodo de verif, pergunta de seguranca, que e voce',
    it: 'telefono, cellulare, dispositivo, e mail, link, notifica, identita, metodo di verif, domanda di sicurezza, che sei tu',
    ru: 'телефон, устройств, письмо, почт, ссылк, уведомлени, личность, способ подтвержд, контрольный вопрос, что это вы',
    nl: 'telefoon, mobiel, apparaat, e mail, link, melding, identiteit, verificatiemethode, beveiligingsvraag, dat jij het, dat u het',
    pl: 'telefon, urzadzeni, e mail, link, powiadomieni, tozsamosc, metode weryf, sposob weryf, pytanie, ze to ty',
    tr: 'telefon, cihaz, e posta, eposta, baglanti, bildirim, kimliginizi, dogrulama yontem, guvenlik sorusu, siz oldug',
    ar: 'هاتفك, الهاتف, جهازك, البريد, بريد, رابط, إشعار, هويتك, طريقة التحقق, سؤال الأمان, أنك أنت',
  },
  /** A second factor is being set up: a code of a seed that nobody has yet. */
  setUp: {
    en: 'scan this code, scan the code, scan the qr, scan this qr, scan a qr, scan the barcode, scan this barcode, scan the image, set up two factor, set up 2fa, set up your authenticator, set up an authenticator, set up authenticator, setup key, secret key',
    'zh-CN':
      '扫描二维码, 扫描下方二维码, 扫描下面的二维码, 扫描以下二维码, 扫描该二维码, 扫描此二维码, 扫描上方二维码, 绑定身份验证器, 绑定动态, 绑定mfa, 绑定虚拟mfa, 密钥',
    'zh-TW': '掃描 qr, 掃描二維碼, 掃描下方, 掃描此, 金鑰, 綁定',
    ja: 'qr コードをスキャン, qrコードをスキャン, qr コードを読み取, qrコードを読み取, シークレットキー, セットアップキー, 二段階認証を設定, 二要素認証を設定',
    ko: 'qr 코드를 스캔, qr코드를 스캔, 비밀 키, 비밀키, 설정 키, 2단계 인증 설정',
    de: 'qr code scannen, scannen sie den, scannen sie diesen, scanne den, scanne diesen, authentifizierung einrichten, authenticator einrichten, geheimer schlussel, geheimen schlussel',
    fr: 'scannez le, scannez ce, scanner le code qr, scanner le qr, cle secrete, cle de configuration, configurer l authentification, configurez l authentification',
    es: 'escanee el, escanea el, escanee este, escanea este, escanear el codigo qr, clave secreta, clave de configuracion, configurar la autenticacion, configure la autenticacion',
    pt: 'escaneie o, leia o codigo qr, leia o qr, digitalize o, chave secreta, chave de configuracao, configurar a autenticacao',
    it: 'scansiona il, scansionare il, inquadra il, chiave segreta, chiave di configurazione, configura l autenticazione',
    ru: 'отсканируйте, сканируйте, секретный ключ, ключ настройки, настройка двухфакторной, настройте двухфакторную',
    nl: 'scan de qr, scan deze qr, geheime sleutel, instelsleutel, tweestapsverificatie instellen, authenticator instellen',
    pl: 'zeskanuj, tajny klucz, klucz konfiguracji, skonfiguruj uwierzytelnianie, skonfiguruj weryfikacje',
    tr: 'qr kodunu tara, qr kodu tara, karekodu, gizli anahtar, kurulum anahtari, dogrulamayi ayarla',
    ar: 'امسح رمز, امسح الرمز, المفتاح السري, مفتاح الإعداد, إعداد المصادقة',
  },
  /** It goes on. */
  progress: {
    en: 'loading, please wait, one moment, just a moment, hang on, hold on, signing in, signing you in, logging in, logging you in, verifying, checking, authenticating, redirecting, you will be redirected, taking you, processing, connecting, working, submitting, preparing, starting, almost there, contacting, you are in line, you are now in line, waiting room, estimated wait, in the queue',
    'zh-CN':
      '加载中, 正在, 请稍候, 请稍后, 请等待, 登录中, 登陆中, 处理中, 跳转中, 验证中, 请耐心等待, 排队中, 预计等待',
    'zh-TW': '載入中, 請稍候, 請稍後, 登入中, 處理中, 驗證中, 讀取中',
    ja: '読み込み中, ロード中, お待ちください, ログイン中, ログインしています, サインインしています, 処理中, 確認中, 認証中, 認証しています, 確認しています, 順番待ち, 待ち時間',
    ko: '로딩, 불러오는 중, 기다려, 로그인 중, 처리 중, 확인 중, 인증 중, 잠시만',
    de: 'wird geladen, laden, bitte warten, einen moment, moment bitte, anmeldung lauft, wird angemeldet, werden angemeldet, wird uberpruft, wird gepruft, prufe, prufen, wird verarbeitet, verbinde, weiterleitung, weitergeleitet, warteschlange, warteraum',
    fr: 'chargement, veuillez patienter, patientez, un instant, connexion en cours, verification en cours, traitement en cours, redirection, authentification en cours, en cours, file d attente, salle d attente',
    es: 'cargando, por favor espere, espere, espera, un momento, iniciando sesion, verificando, comprobando, procesando, redirigiendo, conectando, accediendo, sala de espera, fila virtual',
    pt: 'carregando, a carregar, aguarde, por favor espere, um momento, entrando, verificando, processando, redirecionando, conectando, a iniciar sessao',
    it: 'caricamento, attendere, attendi, un momento, accesso in corso, verifica in corso, in corso, reindirizzamento, elaborazione',
    ru: 'загрузка, загружа, подождите, пожалуйста ждите, минутку, выполняется, идет вход, проверка данных, проверяем, входим, обработка, перенаправ, соединение, в очереди, зал ожидания',
    nl: 'laden, even geduld, een moment, ogenblik, bezig, wordt geladen, aan het inloggen, wordt gecontroleerd, controleren, doorgestuurd, verwerken',
    pl: 'ladowanie, wczytywanie, prosze czekac, czekaj, chwileczke, chwile, logowanie trwa, trwa logowanie, trwa, sprawdzanie, weryfikacja trwa, przetwarzanie, przekierow',
    tr: 'yukleniyor, bekleyin, bekleyiniz, lutfen bekle, bir dakika, giris yapiliyor, oturum aciliyor, dogrulaniyor, kontrol ediliyor, isleniyor, yonlendiril',
    ar: 'جار, جاري, يرجى الانتظار, الرجاء الانتظار, انتظر, لحظة',
  },
  /** A way out: only who is in can leave. */
  leave: {
    en: 'log out, sign out, logout, signout, log off, sign off, logoff, signoff, logged in as, signed in as, now logged in, now signed in, are logged in, are signed in, end session',
    'zh-CN': '退出登录, 退出登陆, 注销, 退出, 安全退出, 登录成功, 登陆成功',
    'zh-TW': '登出, 登入成功, 註銷',
    ja: 'ログアウト, サインアウト, ログインしました, ログオフ',
    ko: '로그아웃, 로그인되었습니다, 로그인 성공',
    de: 'abmelden, ausloggen, abmeldung, angemeldet als, eingeloggt als, erfolgreich angemeldet',
    fr: 'deconnexion, se deconnecter, deconnecter, connecte en tant que, vous etes connecte',
    es: 'cerrar sesion, cierra sesion, salir, desconectar, ha iniciado sesion, has iniciado sesion',
    pt: 'sair, terminar sessao, encerrar sessao, desconectar',
    it: 'esci, disconnetti, logout, scollegati',
    ru: 'выйти, выход, вы вошли',
    nl: 'uitloggen, afmelden, ingelogd als, aangemeld als',
    pl: 'wyloguj, zalogowano, zalogowany jako',
    tr: 'cikis yap, oturumu kapat, cikis, giris basarili',
    ar: 'تسجيل الخروج, خروج',
  },
  /** Somebody is out, or is not in. */
  out: {
    en: 'signed out, logged out, signed you out, logged you out, not signed in, not logged in, n t signed in, n t logged in, session expired, session has expired, session timed out',
    'zh-CN': '已退出, 已登出, 已注销, 未登录, 未登陆, 没有登录, 没登录, 会话已过期, 登录已过期, 登录过期',
    'zh-TW': '已登出, 未登入, 尚未登入',
    ja: 'ログアウトしました, ログアウトされ, サインアウトしました, ログインしていません',
    ko: '로그아웃되었, 로그아웃 되었, 로그아웃했, 로그인되지, 로그인하지',
    de: 'wurden abgemeldet, wurdest abgemeldet, sind abgemeldet, erfolgreich abgemeldet, nicht angemeldet, nicht eingeloggt, ausgeloggt, sitzung ist abgelaufen',
    fr: 'vous etes deconnecte, avez ete deconnecte, pas connecte, session a expire',
    es: 'ha cerrado sesion, has cerrado sesion, sesion cerrada, no ha iniciado sesion, no has iniciado sesion, sesion ha caducado, sesion ha expirado',
    pt: 'sessao encerrada, sessao terminada, sessao expirou, voce saiu, foi desconectado',
    it: 'disconnesso, sei uscito, sessione scaduta',
    ru: 'вы вышли, вы не вошли, сеанс истек, сессия истекла',
    nl: 'bent uitgelogd, bent afgemeld, niet ingelogd, niet aangemeld, sessie is verlopen',
    pl: 'wylogowano, wylogowany, zostales wylogowan, niezalogowan, nie zalogowano, sesja wygasla',
    tr: 'cikis yapildi, cikis yaptiniz, oturumunuz kapatildi, oturum kapatildi, giris yapilmadi',
    ar: 'تم تسجيل الخروج, تم تسجيل خروجك, انتهت الجلسة, غير مسجل الدخول',
  },
  /** A place of one’s own, which many sites link to from every page. */
  own: {
    en: 'my account, my profile, your profile, account settings',
    'zh-CN': '个人中心, 修改密码',
    'zh-TW': '會員中心',
    ja: 'マイページ',
    ko: '마이페이지, 내 계정',
    de: 'mein konto, mein profil',
    fr: 'mon compte, mon profil',
    es: 'mi cuenta, mi perfil',
    pt: 'minha conta, meu perfil, a minha conta',
    it: 'il mio account, il mio profilo, area personale',
    ru: 'мой профиль, личный кабинет',
    nl: 'mijn account, mijn profiel',
    pl: 'moje konto, moj profil',
    tr: 'hesabim, profilim',
    ar: 'حسابي, ملفي الشخصي',
  },
  /** A way in, or back to a password, as it stands on a line by itself: whoever is in is shown none. */
  wayIn: {
    en: 'log in, sign in, log on, sign on, member login, forgot password, forgot your password, reset password, reset your password',
    'zh-CN': '登录, 登陆, 请登录, 立即登录, 忘记密码, 找回密码, 重置密码',
    'zh-TW': '登入, 會員登入, 忘記密碼, 重設密碼',
    ja: 'ログイン, サインイン, パスワードの再設定, パスワード再設定, パスワードをお忘れの方',
    ko: '로그인, 비밀번호 찾기, 비밀번호 재설정',
    de: 'anmelden, einloggen, anmeldung, passwort vergessen, passwort zurucksetzen',
    fr: 'connexion, se connecter, s identifier, mot de passe oublie, reinitialiser le mot de passe',
    es: 'iniciar sesion, acceder, entrar, olvido su contrasena, restablecer contrasena, restablecer la contrasena',
    pt: 'iniciar sessao, entrar, fazer login, esqueceu a senha, redefinir senha, recuperar senha',
    it: 'accedi, login, password dimenticata, reimposta password, recupera password',
    ru: 'войти, вход, восстановление пароля, забыли пароль',
    nl: 'inloggen, aanmelden, wachtwoord vergeten, wachtwoord herstellen',
    pl: 'zaloguj, zaloguj sie, logowanie, odzyskiwanie hasla, resetowanie hasla',
    tr: 'giris yap, oturum ac, sifremi unuttum, sifre sifirlama',
    ar: 'تسجيل الدخول, دخول, استعادة كلمة المرور, نسيت كلمة المرور',
  },
  /** A way to become a member. */
  joins: {
    en: 'register, sign up, create account, create an account, join',
    'zh-CN': '注册',
    'zh-TW': '註冊, 加入會員',
    ja: '新規登録, 会員登録',
    ko: '회원가입, 가입',
    de: 'registrier, konto erstellen',
    fr: 's inscrire, inscription, creer un compte',
    es: 'registr, crear cuenta',
    pt: 'cadastr, criar conta',
    it: 'registra, crea account',
    ru: 'регистрац, зарегистрир',
    nl: 'registre, account aanmaken',
    pl: 'rejestr, zaloz konto',
    tr: 'kayit ol, uye ol, kaydol',
    ar: 'إنشاء حساب, التسجيل',
  },
  /** It worked, or so it is greeted. */
  welcome: {
    en: 'welcome, success, successful, successfully, hello, hi, good morning, good afternoon, good evening, dashboard, overview',
    'zh-CN': '欢迎, 成功, 你好, 您好, 首页, 控制台, 仪表盘',
    'zh-TW': '歡迎, 首頁, 儀表板',
    ja: 'ようこそ, 成功, こんにちは, ダッシュボード',
    ko: '환영, 안녕하세요, 성공, 대시보드, 반갑습니다',
    de: 'willkommen, erfolgreich, hallo, guten tag, guten morgen, ubersicht',
    fr: 'bienvenue, bonjour, bonsoir, succes, tableau de bord',
    es: 'bienvenid, hola, exito, correctamente, panel de control, buenos dias',
    pt: 'bem vind, ola, sucesso, painel, bom dia',
    it: 'benvenut, ciao, successo, buongiorno, bacheca',
    ru: 'добро пожаловать, здравствуйте, успешно, привет, панель управления',
    nl: 'welkom, hallo, gelukt, geslaagd, goedemorgen',
    pl: 'witaj, witamy, dzien dobry, pomyslnie, pulpit',
    tr: 'hos geldin, hosgeldin, merhaba, basariyla, gosterge',
    ar: 'مرحبا, أهلا, بنجاح, لوحة التحكم',
  },
  /** Something that only a person can solve or copy. */
  riddle: {
    en: 'captcha, robot, human, picture, copy the, copy this, type the, into the box, image, characters you see, letters you see, number above, above number, number below, number shown, number you typed, numbers you see, code shown, code above, shown above, shown below, symbols, puzzle, security check, challenge, how much is, what is the sum, sum of, solve, calculate, plus, prove that',
    'zh-CN': '验证码, 校验码, 图片, 图形, 图中, 机器人, 人机, 拼图, 滑块, 计算结果, 上方数字, 附加码',
    'zh-TW': '驗證碼, 圖片, 圖形, 圖中, 機器人, 滑塊, 拼圖',
    ja: '画像, 文字を入力, ロボット, 計算, 表示されている, パズル, 上の数字',
    ko: '자동입력, 보안문자, 그림, 이미지, 로봇, 퍼즐, 보이는, 위 숫자',
    de: 'roboter, mensch, bild, abgebildet, sicherheitsabfrage, zeichen eingeben, zahl oben, obige zahl, angezeigte, rechenaufgabe, ergebnis, ratsel, spamschutz',
    fr: 'robot, humain, image, caracteres affiches, chiffres affiches, nombre ci dessus, calcul, resultat, anti spam, recopiez',
    es: 'humano, imagen, caracteres que ve, numero de arriba, numeros que ve, resultado, suma, acertijo, texto de la',
    pt: 'robo, humano, imagem, caracteres, numero acima, resultado, soma, digite o texto',
    it: 'umano, immagine, caratteri, numero sopra, risultato, somma, codice visualizzato',
    ru: 'робот, картинк, изображени, символы, число выше, цифры с, капч, сколько будет, решите, человек',
    nl: 'mens, afbeelding, plaatje, tekens, getal hierboven, som, antwoord, beveiligingsvraag',
    pl: 'czlowiek, obraz, znaki, liczbe, przepisz, wynik, dzialania, zagadk',
    tr: 'insan, resim, gorsel, karakterleri, yukaridaki, toplam, sonucu, guvenlik sorusu',
    ar: 'روبوت, الصورة, الأحرف, الرقم أعلاه, ناتج, لست آليا, كابتشا, المجموع',
  },
  /** A one-time code. */
  code: {
    en: 'code, token, otp, totp, 2fa',
    'zh-CN': '验证码, 校验码, 动态',
    'zh-TW': '驗證碼, 動態',
    ja: '認証コード, 確認コード, セキュリティコード, ワンタイム',
    ko: '인증번호, 인증 번호, 인증 코드, 보안 코드, 확인 코드, 일회용',
    de: 'sicherheitscode, bestatigungscode, einmalcode, einmalpasswort, tan',
    fr: 'code de',
    es: 'codigo',
    pt: 'codigo',
    it: 'codice',
    ru: 'код',
    nl: 'verificatiecode, beveiligingscode, eenmalig',
    pl: 'kod, kodu',
    tr: 'kodu, kodunuz',
    ar: 'رمز التحقق, رمز التأكيد',
  },
} as const;

type Meaning = keyof typeof VOCABULARY;

const PATTERNS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([meaning, lines]) => [meaning, compile(Object.values(lines))]),
) as Record<Meaning, RegExp>;

/** What one line of a page says of a sign-in. */
export interface Said {
  /** That name, password or code are wrong, or that this person may not sign in. */
  refuses: boolean;
  /** That something is wrong, whatever it may be. */
  fails: boolean;
  /** That the site or the line is broken. */
  isBroken: boolean;
  /** For what only the person has. */
  asks: boolean;
  goesOn: boolean;
  /** That somebody is in. */
  isIn: boolean;
  /** The same by a way out: only who is in can leave. */
  leaves: boolean;
  greets: boolean;
  /** The way in for whoever is out, and no more than that. */
  letsIn: boolean;
  /** That a second factor is being set up. */
  setsUp: boolean;
  /** Something to be solved or copied by a person. */
  riddle: boolean;
  /** Of a one-time code. */
  code: boolean;
}

const NOTHING: Said = {
  refuses: false,
  fails: false,
  isBroken: false,
  asks: false,
  goesOn: false,
  isIn: false,
  leaves: false,
  greets: false,
  letsIn: false,
  setsUp: false,
  riddle: false,
  code: false,
};
/** No sentence about a sign-in is longer. */
const LONGEST = 160;

/** Where a sentence ends, and a part of one. */
const SENTENCES = /(?<=[.!?؟…])\s+|(?<=[。！？])/;
const QUESTION = /[?？؟]\s*$/;
const CLAUSES = /[,，;；]|[:：](?!\s*\d)/;

/** What a line says of now, in spelling that was normalised: "Unable to sign in?" offers help, "Failed logins: 3" counts, "Last failed login" is over. */
function claims(line: string): string {
  const kept = line.split(SENTENCES).map((sentence) => {
    const clauses = sentence.split(CLAUSES);
    const claimed = QUESTION.test(sentence) ? clauses.slice(0, -1) : clauses;
    const text = claimed.filter((clause) => !counts(clause)).join(' ');
    const spelled = normalise(text);
    return PATTERNS.past.test(spelled) && !PATTERNS.tooMany.test(spelled) ? '' : spelled;
  });
  return kept.join(' ');
}

function counts(clause: string): boolean {
  const text = normalise(clause);
  if (PATTERNS.tooMany.test(text)) return false;
  const tellsWhatIsLeft = /\d/.test(text) && PATTERNS.left.test(text) && !PATTERNS.wrong.test(text);
  return tellsWhatIsLeft || /[:：]\s*\d+\W*$|^\s*\d+\s/.test(clause);
}

/** Reads one line of a page, in any of the languages. */
export function hear(line: string): Said {
  if (line.length > LONGEST) return NOTHING;
  const text = normalise(line);
  const claimed = claims(line);
  const says = (meaning: Meaning) => PATTERNS[meaning].test(text);
  const claim = (meaning: Meaning) => PATTERNS[meaning].test(claimed);
  const isWrong = claim('wrong');
  const isOut = says('out');
  const isBroken = claim('broken');
  const refuses = isWrong && !isBroken && claim('subject');
  const fails = !isBroken && (isWrong || isOut || claim('failure'));
  const goesOn = !fails && (says('progress') || /(\.\.\.|…)\s*$/.test(line));
  // Who is asked whether to leave is told how, which is no way out.
  const stated = line.split(SENTENCES).filter((sentence) => !QUESTION.test(sentence));
  const leaves = !refuses && !isOut && PATTERNS.leave.test(normalise(stated.join(' ')));
  return {
    refuses,
    fails,
    isBroken,
    asks: !refuses && (says('asks') || (!fails && says('confirms') && says('elsewhere'))),
    goesOn,
    isIn: leaves || (!refuses && !isOut && says('own')),
    leaves,
    greets: !fails && !goesOn && says('welcome'),
    letsIn: PATTERNS.wayIn.exec(text)?.[0] === text.trim() || (line.length < 40 && says('wayIn') && says('joins')),
    setsUp: says('setUp'),
    riddle: says('riddle'),
    code: says('code'),
  };
}
