# Rack with OmniAuth: endpoints by hand, no PKCE, name and address from the userinfo endpoint.
require 'json'
require 'omniauth_openid_connect'
require 'rack'

issuer, client, secret, port = ENV.values_at('ISSUER', 'CLIENT', 'SECRET', 'PORT')
address = URI.parse(issuer)

app = Rack::Builder.new do
  use Rack::Session::Cookie, secret: 'of the session, which is long enough to be taken by this library, sixty-four'
  # As its own documentation has it for a link in place of a form.
  OmniAuth.config.allowed_request_methods = %i[get]
  OmniAuth.config.silence_get_warning = true
  use OmniAuth::Builder do
    provider :openid_connect,
             issuer: issuer,
             scope: %i[openid profile email],
             client_options: {
               scheme: address.scheme, host: address.host, port: address.port,
               identifier: client, secret: secret,
               redirect_uri: "http://localhost:#{port}/auth/openid_connect/callback",
               authorization_endpoint: '/oidc/auth', token_endpoint: '/oidc/token',
               userinfo_endpoint: '/oidc/me', jwks_uri: "#{issuer}/oidc/jwks"
             }
  end
  run(lambda do |env|
    found = env['omniauth.auth']
    next [302, { 'Location' => '/auth/openid_connect' }, []] unless found

    who = found.info
    said = { sub: found.uid, name: who.name, username: who.nickname, email: who.email }
    [200, { 'Content-Type' => 'application/json' }, [said.to_json]]
  end)
end

Rack::Handler::WEBrick.run(app, Host: 'localhost', Port: port.to_i, Logger: WEBrick::Log.new(File::NULL), AccessLog: [])
