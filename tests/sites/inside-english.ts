// Pages inside applications, in English, after the structure of those that people run: what asks for a password there signs nobody in.
import {
  ant,
  box,
  button,
  cbi,
  dialog,
  field,
  form,
  type InsidePage,
  inside,
  page,
  secret,
  table,
} from './inside-parts.ts';

const none = (title: string, body: string, path?: string) => page('nothing', 'en', title, body, path);
const again = (title: string, body: string, path?: string) => page('fill-only', 'en', title, body, path);
const password = 'type="password" name="password"';

export const INSIDE_ENGLISH: Record<string, InsidePage> = {
  // What lets everybody into the same room.
  'a room of a game': none(
    'Join room',
    `<h1>Join room</h1>${form(field('Nickname', 'name="nick"'), secret('Room password', 'name="password"'), button('Enter'))}`,
  ),
  'a meeting': none(
    'Join meeting',
    `<h1>Join meeting</h1>${form(field('Your name', 'name="name"'), secret('Meeting passcode', 'name="pwd"'), button('Join'))}`,
  ),
  // What cannot be undone.
  'delete account, by name and password': none(
    'Account settings',
    `${inside('<h1>Account</h1>')}${dialog('Are you sure you want to do this?', '<p>This is extremely important.</p>', form(field('Your username or email:', 'name="sudo_login"'), field('To verify, type <em>delete my account</em> below:', 'name="confirm"'), secret('Confirm your password:', 'name="sudo_password" autocomplete="current-password"'), button('Cancel plan and delete this account', 'class="danger"')))}`,
    '/settings/admin',
  ),
  'delete account, by password': none(
    'Account · Preferences',
    inside(
      '<h1>Delete account</h1><p>Deleting an account has the following effects: groups and projects are removed.</p>',
      form(
        '<input type="hidden" name="_method" value="delete">',
        secret('Type your password to confirm', 'name="password" autocomplete="current-password"'),
        button('Delete account', 'class="btn danger"'),
      ),
    ),
    '/-/profile/account',
  ),
  'delete account, behind a button that says continue': none(
    'Close your account',
    inside(
      '<h1>Close your account</h1><p>All orders and reviews will be removed. This cannot be undone.</p>',
      form(secret('Password'), button('Continue'), '<a href="/account">Keep my account</a>'),
    ),
    '/account/close',
  ),
  'deactivate, in a dialog of divs': none(
    'Settings',
    `${inside('<h1>Your account</h1>')}${dialog('Deactivate @robin?', '<p>Your profile will no longer be viewable.</p>', box(`<input ${password} placeholder="Password" autocomplete="current-password">`, '<div role="button" tabindex="0">Deactivate</div>', '<div role="button" tabindex="0">Cancel</div>'))}`,
  ),
  'transfer of ownership': none(
    'General · ward / tools',
    inside(
      '<h2>Transfer ownership</h2><p>You will no longer be able to administer this project.</p>',
      form(
        field('New owner’s username', 'name="new_owner"'),
        secret('Your password'),
        button('I understand, transfer this project', 'class="danger"'),
      ),
    ),
    '/ward/tools/settings',
  ),
  'delete a repository': none(
    'Settings · tools',
    dialog(
      'Delete repository',
      form(
        field('Type <b>ward/tools</b> to confirm', 'name="verify"'),
        secret('Password', 'name="sudo"'),
        button('Delete this repository'),
      ),
    ),
  ),
  'erase all data of a device': none(
    'Control Panel',
    inside(
      '<h2>Update &amp; Restore</h2><p>Erase all data and reset to factory defaults.</p>',
      box(
        field('Account', 'name="account" value="admin" readonly'),
        secret('Enter your password'),
        button('Submit', 'type="button"'),
      ),
    ),
  ),
  // Money.
  'bank transfer with a password': none(
    'Payments – Northern Bank',
    inside(
      '<h1>New transfer</h1>',
      form(
        field('Beneficiary'),
        field('IBAN', 'name="iban"'),
        field('Amount', 'name="amount"'),
        secret('Online banking password', 'name="pin"'),
        button('Confirm'),
      ),
    ),
    '/payments/new',
  ),
  'bank transfer, second page with a password alone': none(
    'Confirm payment – Northern Bank',
    inside(
      '<h1>Confirm payment</h1><p>You are sending <b>1,250.00 EUR</b> to <b>A. Miller</b>.</p>',
      form(
        secret('Enter your password to authorise this payment'),
        button('Authorise'),
        button('Cancel', 'type="button"'),
      ),
    ),
    '/payments/confirm',
  ),
  'payment with an authenticator’s code': none(
    'Confirm payment',
    inside(
      '<h1>Confirm transfer of 900.00 USD</h1>',
      form(
        field('Authenticator code', 'name="totp" inputmode="numeric" maxlength="6" autocomplete="one-time-code"'),
        button('Send money'),
      ),
    ),
    '/transfer/confirm',
  ),
  'withdraw coins': none(
    'Withdraw',
    inside(
      '<h1>Withdraw BTC</h1>',
      box(
        field('Address'),
        field('Amount'),
        secret('Trading password'),
        field('2FA code', 'inputmode="numeric" maxlength="6"'),
        button('Withdraw'),
      ),
    ),
  ),
  'gift card with its PIN': none(
    'Redeem a gift card',
    inside(
      '<h1>Redeem a gift card</h1>',
      form(field('Card number', 'name="card"'), secret('PIN', 'name="pin" maxlength="4"'), button('Redeem')),
    ),
    '/giftcards',
  ),
  'card at the till': none(
    'Checkout',
    form(
      '<h1>Payment</h1>',
      field('Card number', 'autocomplete="cc-number"'),
      secret('CVC', 'name="cvc" maxlength="4"'),
      button('Submit'),
    ),
    '/checkout',
  ),
  'checkout that makes an account': none(
    'Checkout – Leaf &amp; Bean',
    `<h1>Checkout</h1>${form(field('E-mail', 'name="email"', 'email'), field('First name'), field('Street'), '<p><input type="checkbox" checked> Create an account?</p>', secret('Account password', 'name="account_password"'), button('Place order'))}`,
    '/checkout',
  ),
  // People, by an administrator.
  'admin creates a user': none(
    'Create user account – Site administration',
    inside(
      '<h4>Create User Account</h4>',
      form(
        field('Username', 'name="user_name" required'),
        field('Email Address', 'name="email"', 'email'),
        secret('Password', 'name="password" required'),
        '<label><input type="checkbox" name="send_notify"> Send user registration notification</label>',
        button('Create User Account'),
      ),
    ),
    '/admin/users/new',
  ),
  'admin edits a user': none(
    'Edit account – Site administration',
    inside(
      '<h4>Edit User Account</h4>',
      form(
        field('Username', 'name="user_name" value="nurse-2"'),
        secret('Password', 'name="password" placeholder="Leave empty to keep it"'),
        '<label><input type="checkbox"> Disable sign-in</label>',
        button('Update User Account'),
        button('Delete User Account', 'type="button"'),
      ),
    ),
    '/admin/users/4/edit',
  ),
  'admin adds a member in a row of a table': none(
    'Users',
    inside(
      '<table><tr><th>Username</th><th>Display name</th><th>Password</th><th></th></tr><tr><td><input name="newusername" placeholder="Username"></td><td><input name="display"></td><td><input type="password" name="newpassword" placeholder="Password"></td><td><button title="Add a new user">✓</button></td></tr></table>',
    ),
    '/settings/users',
  ),
  'admin acts as somebody': none(
    'Impersonate',
    inside('<h1>Log in as another user</h1>', form(field('Username', 'name="username"'), button('Log in as user'))),
    '/admin/impersonate',
  ),
  'invite with a first password': none(
    'Team',
    dialog(
      'Invite a member',
      form(field('Email', 'name="email"', 'email'), secret('Temporary password', 'name="temp"'), button('Send invite')),
    ),
  ),
  'search in the log of sign-ins': none(
    'Login history',
    inside('<h1>Login history</h1>', form(field('Username', 'name="username"'), field('IP address'), button('Search'))),
    '/admin/logins',
  ),
  'settings of the sign-in page': none(
    'Login page',
    inside(
      '<h1>Login page</h1>',
      form(
        field('Title', 'name="login_title"'),
        field('Sign-in button', 'name="login_button" placeholder="Sign in"'),
        field('User name label', 'name="login_username_label" placeholder="Username"'),
        button('Save changes'),
      ),
    ),
    '/admin/login-page',
  ),
  'an account of FTP whose label says log in': none(
    'FTP Accounts',
    inside(
      '<h1>Add FTP Account</h1>',
      form(
        field('Log In', 'name="login"'),
        secret('Password', 'name="password"'),
        field('Directory'),
        button('Create FTP Account'),
      ),
    ),
    '/ftp/accounts',
  ),
  'a mailbox of a hosting panel': none(
    'Email Accounts',
    inside(
      '<h1>Create an Email Account</h1>',
      form(field('Username', 'name="email_user"'), secret('Password'), field('Storage (MB)'), button('+ Create')),
    ),
    '/email_accounts/create',
  ),
  // Keys of things that are no account of the site.
  'Wi-Fi key': none(
    'Wireless – OpenGate',
    inside(
      '<h2>Interface configuration</h2>',
      form(
        cbi('ESSID', '<input name="ssid" value="Ward">'),
        cbi('Encryption', '<select><option>WPA2-PSK</option></select>'),
        cbi('Key', '<input type="password" name="key">'),
        button('Save &amp; Apply'),
        button('Reset', 'type="button"'),
      ),
    ),
    '/cgi-bin/luci/admin/network/wireless',
  ),
  'PPPoE, connect': none(
    'WAN Settings',
    inside(
      '<h2>WAN</h2>',
      form(
        table(
          ['WAN connection type:', '<select><option>PPPoE</option></select>'],
          ['User Name:', '<input name="acc">'],
          ['Password:', '<input type="password" name="psw">'],
        ),
        '<input type="button" value="Connect"> <input type="button" value="Disconnect">',
        '<input type="submit" value="Save">',
      ),
    ),
    '/userRpm/PPPoECfgRpm.htm',
  ),
  'dynamic DNS, log in': none(
    'Dynamic DNS',
    inside(
      '<h2>DDNS</h2>',
      box(
        field('Domain name'),
        field('User name', 'name="ddnsUser"'),
        secret('Password', 'name="ddnsPwd"'),
        '<input type="button" value="Login to the provider">',
        '<input type="button" value="Save">',
      ),
    ),
    '/ddns.htm',
  ),
  'VPN client': none(
    'VPN',
    inside(
      '<h1>L2TP client</h1>',
      form(
        field('Server'),
        field('Username', 'name="username"'),
        secret('Password'),
        field('Pre-shared key'),
        button('Connect'),
      ),
    ),
    '/vpn',
  ),
  proxy: none(
    'Network preferences',
    inside(
      '<h2>Proxy server</h2>',
      form(
        field('HTTP proxy', 'name="host"'),
        field('Port', 'name="port"'),
        '<p><input type="checkbox" checked> Proxy requires authentication</p>',
        field('Username', 'name="username"'),
        secret('Password'),
        button('OK'),
      ),
    ),
    '/preferences/network',
  ),
  'mail account, IMAP and SMTP': none(
    'Accounts – Mail',
    inside(
      '<h1>Add mail account</h1>',
      form(
        field('Your name'),
        field('E-mail address', 'name="email"', 'email'),
        secret('Password'),
        field('IMAP server'),
        field('SMTP server'),
        button('Continue'),
      ),
    ),
    '/apps/mail/setup',
  ),
  'mail account, incoming alone': none(
    'Mail accounts',
    inside(
      '<h1>Incoming mail</h1>',
      box(
        field('Server', 'name="server"'),
        field('User', 'name="user"'),
        secret('Password'),
        button('Test connection'),
      ),
    ),
    '/apps/mail/incoming',
  ),
  'SMTP of a whole site': none(
    'Email – Realm settings',
    inside(
      '<h1>Connection &amp; Authentication</h1>',
      form(
        field('Host'),
        field('Port'),
        '<p><input type="checkbox" role="switch" checked> Authentication enabled</p>',
        field('Username', 'name="smtpServer.user"'),
        secret('Password', 'name="smtpServer.password"'),
        button('Save'),
      ),
    ),
    '/admin/realm/email',
  ),
  'LDAP bind': none(
    'User federation',
    inside(
      '<h1>LDAP</h1>',
      form(
        field('Connection URL', 'value="ldap://dc.ward"'),
        field('Bind DN', 'name="bindDn"'),
        secret('Bind credentials', 'name="bindCredential"'),
        button('Test authentication', 'type="button"'),
        button('Save'),
      ),
    ),
    '/admin/user-federation/ldap',
  ),
  'database of an installation': none(
    'Setup configuration file',
    `<h1>Database connection</h1><p>Below you should enter your database connection details.</p>${form(table(['Database Name', '<input name="dbname">'], ['Username', '<input name="uname" placeholder="username">'], ['Password', '<input name="pwd" type="password" placeholder="password">'], ['Database Host', '<input name="dbhost" value="localhost">']), '<input type="submit" value="Submit">')}`,
    '/wp-admin/setup-config.php',
  ),
  'data source with basic auth': none(
    'Data sources: Edit',
    inside(
      '<h3>Settings</h3>',
      box(
        field('URL', 'value="http://influx:8086"'),
        '<h3>Basic Auth Details</h3>',
        field('User', 'placeholder="user"'),
        secret('Password', 'name="basicAuthPassword"'),
        button('Save &amp; test', 'type="submit"'),
      ),
    ),
    '/datasources/edit/1',
  ),
  'storage on another machine': none(
    'Datacenter – Storage',
    dialog(
      'Add: SMB/CIFS',
      box(
        field('ID'),
        field('Server'),
        field('Username'),
        secret('Password'),
        '<a class="btn x-btn" role="button" href="#">Add</a>',
      ),
    ),
    '/',
  ),
  'registry of images': none(
    'Registries',
    inside(
      '<h1>Add registry</h1>',
      form(
        field('Registry URL'),
        '<p><input type="checkbox" checked> Authentication</p>',
        field('Username', 'name="username"'),
        secret('Password'),
        button('Add registry'),
      ),
    ),
    '/registries/new',
  ),
  'credentials of a build server': none(
    'New credentials',
    inside(
      '<h1>New credentials</h1>',
      form(
        field('Username', 'name="_.username"'),
        secret('Password', 'name="_.password"'),
        field('ID'),
        field('Description'),
        button('Create'),
      ),
    ),
    '/manage/credentials/store/newCredentials',
  ),
  'a repository that is copied from elsewhere': none(
    'Migrate repository',
    inside(
      '<h1>Migrate</h1>',
      form(
        field('Clone URL', 'name="clone_addr"'),
        '<h4>Authorization</h4>',
        field('Username', 'name="auth_username"'),
        secret('Password', 'name="auth_password"'),
        field('Repository name'),
        button('Migrate Repository'),
      ),
    ),
    '/repo/migrate',
  ),
  'a device that is added to a smart home': none(
    'Integrations',
    dialog(
      'Set up camera',
      box(field('Host'), field('Username'), secret('Password'), button('Submit', 'type="button"')),
    ),
  ),
  'another site’s account is linked': none(
    'Linked accounts',
    inside(
      '<h1>Link your Lastly account</h1><p>We will post what you listen to.</p>',
      form(field('Lastly username'), secret('Lastly password'), button('Link account')),
    ),
    '/settings/linked',
  ),
  'scan to a folder': none(
    'Scan to network folder',
    inside(
      '<h1>Scan to Network Folder</h1>',
      form(field('Network path'), field('User name'), secret('Password'), button('Save and Test')),
    ),
    '/scan',
  ),
  'key of a shell': none(
    'SSH keys',
    inside(
      '<h1>Import a private key</h1>',
      form('<textarea name="key"></textarea>', secret('Passphrase'), button('Add key')),
    ),
    '/settings/keys',
  ),
  'encryption of backups': none(
    'Backup',
    inside(
      '<h1>Restore a backup</h1>',
      form('<input type="file">', secret('Encryption password', 'name="passphrase"'), button('Next')),
    ),
    '/backup/restore',
  ),
  'unlock an encrypted volume': none(
    'Storage',
    dialog(
      'Unlock volume “data”',
      box('<p>The pool is locked.</p>', secret('Passphrase or key', 'name="passphrase"'), button('Unlock')),
    ),
    '/storage',
  ),
  'PIN of a vault': none(
    'Vault',
    `<h1>Your vault is locked</h1>${form(secret('PIN', 'name="pin" inputmode="numeric" maxlength="6"'), button('Unlock'))}`,
    '/lock',
  ),
  // Links that are shared, archives, meetings: their password is nobody's account.
  'post behind a password': none(
    'Protected: Rota',
    '<h1>Protected: Rota</h1><form method="post" action="/do" class="post-password-form"><p>This content is password protected. To view it please enter your password below:</p><p><label>Password: <input name="post_password" type="password" size="20"></label> <input type="submit" value="Enter"></p></form>',
    '/2026/rota/',
  ),
  'share behind a password': none(
    'Share',
    form(
      '<h2>This share is password-protected</h2>',
      '<input type="password" name="password" placeholder="Password" autofocus>',
      '<input type="submit" value="→">',
    ),
    '/s/Xk2pQ/authenticate',
  ),
  'password for a link that one shares': none(
    'Files',
    inside(
      '<aside><h3>Sharing</h3>',
      box(
        '<p><input type="checkbox" checked> Password protection</p>',
        `<input ${password} placeholder="Enter a password">`,
        button('Save share', 'type="button"'),
      ),
      '</aside>',
    ),
    '/apps/files',
  ),
  'archive with a password': none(
    'Archive',
    dialog('report.7z is encrypted', form(secret('Password'), button('Extract'))),
  ),
  'document with a password': none(
    'Viewer',
    dialog(
      'Password required',
      box(
        '<p>This document is password protected. Please enter a password.</p>',
        `<input ${password}>`,
        button('Open'),
        button('Cancel'),
      ),
    ),
  ),
  'meeting with a passcode': none(
    'Join',
    form(
      '<h1>Enter meeting passcode</h1>',
      '<input type="password" name="passcode" placeholder="Meeting passcode">',
      button('Join meeting'),
    ),
    '/j/4551',
  ),
  'survey with a code': none(
    'Survey',
    form('<h1>Welcome to the survey</h1>', secret('Access code', 'name="token"'), button('Start')),
    '/survey',
  ),
  // What is shown or taken away after the password was given.
  'API key is shown': none(
    'Security – Keys',
    dialog(
      'View API key',
      form(
        '<p>Enter your password to view your API key.</p>',
        secret('Master password', 'name="MasterPasswordHash"'),
        button('View API key'),
      ),
    ),
  ),
  'recovery codes are shown': none(
    'Two-factor authentication',
    inside('<h1>Recovery codes</h1>', form(secret('Current password'), button('View recovery codes'))),
    '/settings/two_factor',
  ),
  'two-factor is turned off by password': none(
    'Two-factor authentication',
    inside(
      '<h1>Two-factor authentication is enabled</h1>',
      form(
        secret('Password', 'name="password" autocomplete="current-password"'),
        button('Disable two-factor authentication'),
      ),
    ),
    '/user/settings/security',
  ),
  'two-factor is turned off by code': none(
    'Two-factor authentication',
    inside(
      '<h1>Turn off two-step verification</h1>',
      form(
        field(
          'Enter the 6-digit code from your authenticator app',
          'name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="6"',
        ),
        button('Turn off'),
      ),
    ),
    '/settings/mfa',
  ),
  'e-mail address is changed': none(
    'Account',
    inside(
      '<h1>Change e-mail</h1>',
      form(
        field('New e-mail address', 'name="email"', 'email'),
        secret('Current password', 'name="current_password"'),
        button('Update'),
      ),
    ),
    '/account/email',
  ),
  'user name is changed': none(
    'Account',
    inside(
      '<h1>Change username</h1>',
      form(field('New username', 'name="username"'), secret('Confirm with your password'), button('Continue')),
    ),
    '/account/username',
  ),
  'password is changed': none(
    'Security',
    inside(
      '<h1>Password</h1>',
      form(
        secret('Current Password', 'name="old_password"'),
        secret('New Password', 'name="new_password"'),
        secret('Confirm Password', 'name="retype"'),
        button('Update Password'),
      ),
    ),
    '/user/settings/account',
  ),
  'export of everything': none(
    'Export vault',
    inside(
      '<h1>Export</h1><p>This export holds your passwords unencrypted. Verify your master password.</p>',
      form(secret('Master password', 'name="masterPassword"'), button('Confirm format')),
    ),
    '/tools/export',
  ),
  'all other sessions are ended': none(
    'Profile',
    dialog(
      'Log out other browser sessions',
      form(
        '<p>Please enter your password to confirm you would like to log out of your other browser sessions across all of your devices.</p>',
        '<input type="password" placeholder="Password" autocomplete="current-password">',
        button('Cancel', 'type="button"'),
        button('Log Out Other Browser Sessions'),
      ),
    ),
    '/user/profile',
  ),
  'the way out': none(
    'Log out',
    form(
      '<h1>Log out?</h1><p>You are signed in as robin.</p>',
      '<input type="hidden" name="username" value="robin">',
      button('Log out'),
    ),
    '/logout',
  ),
  'boxes for a code, and only a way out': none(
    'Verify your e-mail',
    `<h1>Verify your e-mail</h1><p>We e-mailed a code to r…@example.org.</p>${box(Array.from({ length: 6 }, () => '<input maxlength="1" inputmode="numeric" size="1">').join(''), button('Log out'))}`,
  ),
  'passkey is removed': none(
    'Passkeys',
    dialog('Remove “Laptop”?', form(secret('Password'), button('Yes, remove it'))),
    '/settings/passkeys',
  ),
  // Words that are not on the button, or not in its text.
  'a picture deletes': none(
    'Profile',
    inside('<h1>Profile</h1>', form(secret('Password'), '<button class="icon" aria-label="Delete account">🗑</button>')),
    '/me',
  ),
  'the address deletes': none(
    'Settings',
    inside(
      '<h1>Are you sure?</h1>',
      '<form method="post" action="/account/delete">',
      secret('Password'),
      button('OK'),
      '</form>',
    ),
    '/account',
  ),
  'a hidden method deletes': none(
    'Settings',
    inside(
      '<h1>Please confirm</h1>',
      '<form method="post" action="/account">',
      '<input type="hidden" name="_method" value="delete">',
      secret('Password'),
      button('Yes'),
      '</form>',
    ),
    '/account/edit',
  ),
  'the words stand above, the button says submit': none(
    'Settings',
    inside(
      '<h1>Permanently remove your workspace</h1>',
      form(field('Your email', 'name="email"', 'email'), secret('Your password'), button('Submit')),
    ),
    '/workspace',
  ),
  'one signs in and deletes at once': none(
    'Delete my data',
    form(
      '<h1>Delete my data</h1>',
      field('Email', 'name="email"', 'email'),
      secret('Password'),
      button('Log in and delete everything'),
    ),
    '/gdpr',
  ),
  'in a component of its own': none(
    'Settings',
    `${inside('<h1>Account</h1><x-danger></x-danger>')}<script>customElements.define('x-danger', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = ${JSON.stringify(form('<h2>Delete account</h2>', secret('Password'), button('Delete account')))}; } })</script>`,
    '/settings',
  ),
  'a dialog that comes late': none(
    'Settings',
    `${inside('<h1>Account</h1>')}<div id="late"></div><script>setTimeout(() => { late.innerHTML = ${JSON.stringify(dialog('Delete account', form(secret('Password'), button('Delete'))))}; }, 900)</script>`,
    '/settings',
  ),
  'an account of another service is connected': none(
    'Integrations',
    dialog(
      'Connect Photogram',
      form(field('Photogram username'), secret('Photogram password'), button('Log in to Photogram')),
    ),
    '/integrations',
  ),
  // What people write and read.
  'comment with a password': none(
    'Guestbook',
    `<article>Nice.</article>${form('<h3>Leave a comment</h3>', field('Name', 'name="name"'), secret('Password'), '<textarea name="comment"></textarea>', button('Post'))}`,
    '/board/12',
  ),
  'newsletter of the member’s area': none(
    'News',
    inside('<h1>Stay up to date</h1>', form(field('Email', 'name="email"', 'email'), button('Continue'))),
    '/news',
  ),
  'coupon at the till': none(
    'Cart',
    inside('<h1>Your cart</h1>', form(field('Voucher code', 'name="code" maxlength="6"'), button('Apply'))),
    '/cart',
  ),
  'support opens a ticket': none(
    'Support',
    inside(
      '<h1>New ticket</h1>',
      form(
        field('Server user', 'name="username"'),
        secret('Server password', 'name="server_password"'),
        '<textarea></textarea>',
        button('Submit'),
      ),
    ),
    '/support/new',
  ),
  'settings of a bot, as its form library draws them': none(
    'Bots',
    inside(
      '<h2>Bot</h2>',
      box(
        ant('Account', '<input class="ant-input">'),
        ant('Password', '<input class="ant-input" type="password">'),
        button('OK', 'type="button" class="ant-btn"'),
      ),
    ),
    '/bots',
  ),
  // The site asks again who one is.
  'sudo mode': again(
    'Confirm access',
    form(
      '<h1>Confirm access</h1><p>Signed in as @robin</p>',
      secret('Password', 'name="sudo_password" autocomplete="current-password" data-may="password"'),
      button('Confirm'),
      '<p>Tip: You are entering sudo mode. After you’ve performed a sudo-protected action, you’ll only be asked to re-authenticate again after a few hours of inactivity.</p><a href="/password_reset">Forgot password?</a>',
    ),
    '/sessions/sudo',
  ),
  'admin mode': again(
    'Enter admin mode',
    form(
      '<h1>Admin mode</h1><p>Re-authentication required</p>',
      secret('Password', 'name="user[password]" autocomplete="current-password" data-may="password"'),
      button('Enter admin mode'),
    ),
    '/admin/session/new',
  ),
  'a dialog that asks again': again(
    'Settings',
    `${inside('<h1>Security</h1>')}${dialog('Authentication required', form('<p>This action requires you to confirm your password.</p>', secret('Password', 'name="password" data-may="password"'), button('Confirm')))}`,
    '/settings/user/security',
  ),
  'a secure area': again(
    'Confirm password',
    form(
      '<p>This is a secure area of the application. Please confirm your password before continuing.</p>',
      secret('Password', 'name="password" required autocomplete="current-password" data-may="password"'),
      button('Confirm'),
    ),
    '/user/confirm-password',
  ),
  'identity, once more': again(
    'Confirm your identity',
    form(
      '<h1>Please confirm your identity</h1>',
      secret('Password', 'name="password" data-may="password"'),
      button('Continue'),
      '<a href="/forgot">Forgot password?</a>',
    ),
    '/session/confirm',
  ),
  // A password alone, beside somebody’s name: that of whoever signs in is no evidence anywhere but where a sign-in shows it.
  'a gallery, the photographer’s address in a sentence': none(
    'Robin Ward · Gallery',
    `<h1>Wedding of June</h1><p>Questions? Write to help@ward.example.</p>${form(secret('Password'), button('Next'))}`,
    '/gallery/june',
  ),
  'a gallery, the address as a link of its own': none(
    'Gallery',
    `<h1>Wedding of June</h1><p><a href="mailto:robin@ward.example">robin@ward.example</a></p>${form(secret('Password'), button('Continue'))}`,
    '/gallery/july',
  ),
  'a shop that opens soon, the address below': none(
    'Ward & Daughters',
    `<h1>Opening soon</h1>${form(secret('Password'), button('Enter'))}<p>robin@ward.example</p>`,
  ),
  'a folder that several share': none(
    'Folder',
    `<h1>Plans</h1><p>Shared by</p><p>robin@ward.example</p><p>june@ward.example</p>${form(secret('Password'), button('OK'))}`,
    '/s/4f81',
  ),
  'a paste, whose it is in a row': none(
    'Paste',
    `<h1>Paste 77</h1><dl><dt>Owner</dt><dd>robin@ward.example</dd><dt>Views</dt><dd>12</dd></dl>${form(secret('Password'), button('Submit'))}`,
    '/77',
  ),
  'a greeting to whoever comes': none(
    'Gallery',
    `<h1>Welcome to the gallery of June</h1>${form(secret('Password'), button('Next'))}`,
    '/gallery/may',
  ),
};
