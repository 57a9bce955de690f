// Pages inside applications, in Chinese: routers, office systems, shops, schools, drives.
import {
  ant,
  box,
  button,
  dialog,
  el,
  field,
  form,
  type InsidePage,
  insideChinese as inside,
  page,
  secret,
  table,
} from './inside-parts.ts';

const none = (title: string, body: string, path?: string) => page('nothing', 'zh-CN', title, body, path);
const again = (title: string, body: string, path?: string) => page('fill-only', 'zh-CN', title, body, path);
const input = (name: string, hint = '') => `<input class="el-input__inner" name="${name}" placeholder="${hint}">`;
const hidden = (name: string, hint = '') =>
  `<input class="el-input__inner" type="password" name="${name}" placeholder="${hint}">`;
const boxes = Array.from(
  { length: 6 },
  () => '<input type="password" maxlength="1" inputmode="numeric" size="1">',
).join('');

export const INSIDE_CHINESE: Record<string, InsidePage> = {
  会议室: none(
    '加入会议',
    `<h1>加入会议</h1><form><p><label>昵称 <input name="nick"></label></p><p><label>会议密码 <input type="password" name="pwd"></label></p><button>进入</button></form>`,
  ),
  注销账号: none(
    '账号注销',
    inside(
      '<h1>注销账号</h1><p>注销后数据将无法恢复。</p>',
      form(secret('登录密码', 'name="password" placeholder="请输入登录密码"'), button('确认注销')),
    ),
    '/account/cancel',
  ),
  '注销账号，下一步': none(
    '账号注销',
    inside(
      '<h1>申请注销</h1><p>为保证账号安全，请输入密码。</p>',
      box(el('密码', hidden('pwd', '请输入密码')), '<div class="btn" role="button">下一步</div>'),
    ),
    '/account/destroy',
  ),
  删除企业: none(
    '企业设置',
    `${inside('<h1>企业设置</h1>')}${dialog('解散企业', box('<p>解散后所有成员将被移除</p>', hidden('password', '请输入管理员登录密码'), button('取消'), button('确定')))}`,
    '/org/settings',
  ),
  移交管理员: none(
    '移交超级管理员',
    inside(
      '<h1>移交超级管理员</h1>',
      form(field('新管理员账号', 'name="account"'), secret('您的密码'), button('移交')),
    ),
    '/org/transfer',
  ),
  转账: none(
    '转账汇款',
    inside(
      '<h1>转账汇款</h1>',
      form(
        field('收款人户名'),
        field('收款账号', 'name="account"'),
        field('转账金额'),
        secret('交易密码', 'name="tradePwd"'),
        button('确认转账'),
      ),
    ),
    '/transfer',
  ),
  '支付密码，六格': none('收银台', dialog('请输入支付密码', box('<p>¥ 128.00</p>', boxes, button('确认付款')))),
  '余额支付，输入登录密码': none(
    '收银台',
    form('<h1>订单支付</h1><p>应付 ¥ 88.00</p>', secret('登录密码'), button('确定')),
    '/cashier',
  ),
  提现: none(
    '提现',
    inside(
      '<h1>余额提现</h1>',
      box(
        el('提现金额', input('amount')),
        el('支付密码', hidden('payPwd')),
        el('验证码', input('code', '请输入6位验证码')),
        button('提交'),
      ),
    ),
    '/withdraw',
  ),
  设置支付密码前: none(
    '支付设置',
    inside('<h1>关闭免密支付</h1>', form(secret('支付密码', 'name="pay"'), button('关闭免密支付'))),
    '/pay/settings',
  ),
  新增用户: none(
    '用户管理',
    `${inside('<h1>用户管理</h1>')}${dialog('新增用户', box(el('用户名', input('username', '请输入用户名')), el('密码', hidden('password', '请输入密码')), el('部门', input('dept')), button('取 消'), button('确 定')))}`,
    '/system/user',
  ),
  编辑用户: none(
    '用户管理',
    inside(
      '<h1>编辑用户</h1>',
      form(
        field('登录名', 'name="loginName" value="zhang.san"'),
        secret('登录密码', 'name="password" placeholder="不修改请留空"'),
        button('保存'),
      ),
    ),
    '/system/user/edit',
  ),
  添加操作员: none(
    '操作员',
    inside(
      table(
        ['账号', input('account')],
        ['密码', hidden('password')],
        ['角色', '<select><option>收银员</option></select>'],
      ),
      button('添加'),
    ),
    '/operator/add',
  ),
  重置成员密码: none(
    '成员',
    dialog('重置密码', box('<p>为 王芳 重置登录密码</p>', hidden('password'), button('确定'))),
  ),
  以用户身份登录: none(
    '切换用户',
    inside('<h1>切换用户</h1>', form(field('用户名', 'name="username"'), button('以该用户登录'))),
    '/admin/switch',
  ),
  登录日志: none(
    '登录日志',
    inside(
      '<h1>登录日志</h1>',
      form(field('用户名', 'name="userName"'), field('登录地址', 'name="ipaddr"'), button('搜索')),
    ),
    '/monitor/logininfor',
  ),
  登录页设置: none(
    '登录页设置',
    inside(
      '<h1>登录页设置</h1>',
      form(
        field('登录页标题'),
        field('登录按钮文字', 'placeholder="登录"'),
        field('账号提示语', 'placeholder="请输入账号"'),
        button('保存'),
      ),
    ),
    '/system/login-page',
  ),
  宽带拨号: none(
    '上网设置',
    `<div class="menu">常用设置 高级设置</div><h2>上网设置</h2>${box(table(['上网方式', '<select><option>宽带拨号上网</option></select>'], ['宽带账号', '<input id="name">'], ['宽带密码', '<input id="psw" type="password">']), '<input type="button" value="连接">', '<input type="button" value="断开">')}`,
    '/wan.htm',
  ),
  '宽带拨号，向导': none(
    '设置向导',
    `<h2>设置向导</h2><p>请输入运营商提供的上网账号和口令</p>${form(table(['上网账号：', '<input name="acc">'], ['上网口令：', '<input type="password" name="psw">']), '<input type="submit" value="下一步">')}`,
    '/userRpm/WzdPPPoERpm.htm',
  ),
  无线密码: none(
    '无线设置',
    `<h2>无线设置</h2>${form(table(['无线名称', '<input name="ssid" value="Ward">'], ['无线密码', '<input name="wlanPwd" type="password">']), '<input type="submit" value="保存">')}`,
    '/wireless.htm',
  ),
  访客网络: none(
    '访客网络',
    `<h2>访客网络</h2>${box(el('密码', hidden('guest', '不少于8位')), '<a class="btn" href="javascript:void(0)">保存</a>')}`,
    '/guest.htm',
  ),
  花生壳: none(
    '动态DNS',
    `<h2>动态DNS</h2>${box(table(['服务提供者', '花生壳'], ['用户名', '<input name="username">'], ['密码', '<input type="password" name="pwd">']), '<input type="button" value="登录">', '<input type="button" value="退出">')}`,
    '/ddns.htm',
  ),
  代理服务器: none(
    '网络设置',
    inside(
      '<h2>代理服务器</h2>',
      box(
        el('服务器', input('host')),
        el('端口', input('port')),
        el('用户名', input('user')),
        el('密码', hidden('pass')),
        button('确定'),
      ),
    ),
    '/settings/proxy',
  ),
  邮箱代收: none(
    '其他邮箱',
    inside(
      '<h1>添加其他邮箱账户</h1>',
      form(
        field('邮箱帐号', 'name="email"'),
        secret('密码', 'name="pwd" placeholder="授权码"'),
        field('POP3 服务器'),
        button('验证'),
      ),
    ),
    '/mail/pop',
  ),
  '邮箱代收，第一步': none(
    '添加邮箱',
    inside('<h1>添加其他邮箱</h1>', box(el('邮箱', input('email')), el('密码', hidden('pass')), button('立即添加'))),
    '/mail/add',
  ),
  发信设置: none(
    '发信设置',
    inside(
      '<h1>SMTP 设置</h1>',
      form(
        field('SMTP 服务器'),
        field('发信账号', 'name="user"'),
        secret('发信密码'),
        button('测试发送', 'type="button"'),
        button('保存'),
      ),
    ),
    '/admin/smtp',
  ),
  数据库连接: none(
    '安装向导',
    `<h1>安装向导</h1><h2>数据库信息</h2>${form(table(['数据库服务器', '<input name="dbhost" value="localhost">'], ['数据库用户名', '<input name="dbuser">'], ['数据库密码', '<input type="password" name="dbpw">']), '<input type="submit" value="下一步">')}`,
    '/install/index.php',
  ),
  数据源: none(
    '数据源管理',
    `${inside('<h1>数据源</h1>')}${dialog('新建数据源', box(ant('连接地址', '<input>'), ant('用户名', '<input>'), ant('密码', '<input type="password">'), button('测试连接'), button('确 定')))}`,
    '/datasource',
  ),
  'LDAP 配置': none(
    '认证设置',
    inside(
      '<h1>LDAP 认证</h1>',
      form(
        field('LDAP 地址'),
        field('绑定 DN', 'name="bind_dn"'),
        secret('密码', 'name="bind_password"'),
        button('测试登录', 'type="button"'),
        button('提交'),
      ),
    ),
    '/settings/ldap',
  ),
  添加摄像头: none(
    '设备管理',
    dialog(
      '添加设备',
      box(el('IP 地址', input('ip')), el('用户名', input('user')), el('密码', hidden('pass')), button('添加')),
    ),
  ),
  挂载远程目录: none(
    '文件管理',
    dialog(
      '挂载远程文件夹',
      box(ant('文件夹', '<input>'), ant('帐户', '<input>'), ant('密码', '<input type="password">'), button('装载')),
    ),
  ),
  备份加密: none(
    '备份',
    inside('<h1>恢复备份</h1>', form('<input type="file">', secret('备份密码'), button('开始恢复'))),
    '/backup',
  ),
  提取码: none(
    '文件分享',
    form(
      '<h1>李伟 给您加密分享了文件</h1>',
      '<input name="pwd" maxlength="4" placeholder="请输入提取码">',
      button('提取文件'),
    ),
    '/share/init',
  ),
  分享密码: none(
    '外链',
    form(
      '<h1>该外链需要密码访问</h1>',
      '<input type="password" name="password" placeholder="请输入访问密码">',
      button('确定'),
    ),
    '/link/ab12',
  ),
  压缩包密码: none('解压', dialog('文件已加密', box(hidden('pwd', '请输入解压密码'), button('解压')))),
  会议密码: none(
    '加入会议',
    form('<h1>加入会议</h1>', field('会议号', 'name="no"'), secret('会议密码'), button('加入会议')),
    '/join',
  ),
  查看恢复代码: none(
    '两步验证',
    inside('<h1>恢复代码</h1>', form(secret('当前密码'), button('查看恢复代码'))),
    '/security/codes',
  ),
  关闭两步验证: none(
    '两步验证',
    inside('<h1>关闭两步验证</h1>', form(secret('登录密码'), button('关闭'))),
    '/security/mfa',
  ),
  '关闭两步验证，动态码': none(
    '两步验证',
    inside(
      '<h1>解绑身份验证器</h1>',
      form(
        field('动态验证码', 'name="otp" maxlength="6" placeholder="请输入身份验证器中的6位动态码"'),
        button('确认解绑'),
      ),
    ),
    '/security/unbind',
  ),
  查看密钥: none(
    '访问密钥',
    dialog('查看 Secret Key', box('<p>请输入登录密码以查看密钥</p>', hidden('password'), button('查看'))),
  ),
  导出数据: none(
    '数据导出',
    inside('<h1>导出全部数据</h1>', form(secret('请输入登录密码'), button('导出'))),
    '/export',
  ),
  更换邮箱: none(
    '更换邮箱',
    inside('<h1>更换绑定邮箱</h1>', form(field('新邮箱', 'name="email"', 'email'), secret('登录密码'), button('提交'))),
    '/account/email',
  ),
  解绑手机: none(
    '账号安全',
    inside('<h1>解绑手机</h1>', form(secret('登录密码', 'name="password"'), button('解除绑定'))),
    '/account/mobile',
  ),
  修改密码: none(
    '修改密码',
    inside(
      '<h1>修改密码</h1>',
      box(el('旧密码', hidden('old')), el('新密码', hidden('new')), el('确认密码', hidden('again')), button('确定')),
    ),
    '/profile/password',
  ),
  退出其他设备: none(
    '登录设备',
    dialog('退出所有设备', box('<p>请输入密码，退出全部已登录的设备。</p>', hidden('password'), button('退出登录'))),
  ),
  短信验证码: none(
    '安全验证',
    inside(
      '<h1>安全验证</h1><p>验证码已发送至 138****0000</p>',
      form(field('短信验证码', 'name="code" maxlength="6"'), button('重新获取', 'type="button"'), button('确定')),
    ),
    '/verify',
  ),
  审批签名: none(
    '流程审批',
    `${inside('<h1>采购申请</h1>')}${dialog('审批意见', box('<textarea>同意</textarea>', el('签名密码', hidden('sign')), button('提交')))}`,
    '/workflow/approve',
  ),
  兑换码: none(
    '兑换中心',
    inside('<h1>兑换中心</h1>', form(field('兑换码', 'name="code"'), button('立即兑换'))),
    '/redeem',
  ),
  银行卡取款密码: none(
    '绑定银行卡',
    inside('<h1>绑定银行卡</h1>', form(field('银行卡号'), secret('取款密码', 'maxlength="6"'), button('下一步'))),
    '/cards/bind',
  ),
  实名认证: none(
    '实名认证',
    inside('<h1>实名认证</h1>', form(field('姓名'), field('身份证号', 'name="idcard"'), button('提交认证'))),
    '/realname',
  ),
  绑定教务系统: none(
    '绑定学号',
    inside('<h1>绑定教务系统</h1>', form(field('学号', 'name="xh"'), secret('教务系统密码'), button('绑定'))),
    '/bind/jw',
  ),
  青少年模式: none('青少年模式', dialog('关闭青少年模式', box(boxes, button('确定')))),
  留言: none(
    '留言板',
    `<article>路过</article>${form('<h3>发表留言</h3>', field('昵称', 'name="name"'), secret('密码'), '<textarea></textarea>', button('发表'))}`,
    '/guestbook',
  ),
  问卷: none('问卷', form('<h1>员工满意度调查</h1>', secret('问卷密码'), button('开始答题')), '/vm/x1'),
  收货与注册: none(
    '填写订单',
    form(
      '<h1>填写订单</h1>',
      field('收货人'),
      field('手机号', 'name="mobile"'),
      secret('设置密码'),
      button('提交订单'),
    ),
    '/order/fill',
  ),
  图标注销: none(
    '个人资料',
    inside(
      '<h1>个人资料</h1>',
      form(
        secret('密码'),
        '<input type="image" alt="注销账号" width="40" height="20" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">',
      ),
    ),
    '/me',
  ),
  '上面写着，按钮只写确定': none(
    '解散群组',
    inside('<h1>解散后所有聊天记录将被清空</h1>', form(secret('密码'), button('确 定'))),
    '/group',
  ),
  绑定第三方账号: none(
    '账号绑定',
    dialog('绑定网店', box(el('网店账号', input('shop')), el('网店密码', hidden('pwd')), button('登录并绑定'))),
  ),
  安全验证: again(
    '安全验证',
    form(
      '<h1>安全验证</h1><p>为确认是您本人操作，请重新输入登录密码。</p>',
      secret('登录密码', 'name="password" data-may="password"'),
      button('确定'),
      '<a href="/forget">忘记密码？</a>',
    ),
    '/verify-identity',
  ),
  二次认证: again(
    '身份验证',
    `${inside('<h1>账号安全</h1>')}${dialog('验证身份', box('<p>您正在进行敏感操作，请输入当前账号的登录密码以继续</p>', el('登录密码', '<input type="password" name="password" data-may="password">'), button('继续')))}`,
    '/account/security',
  ),
};
