# Mojolicious with its OAuth2 plugin: no PKCE, the secret in the form, name and address from the userinfo endpoint.
use Mojolicious::Lite -signatures;

my ($issuer, $client, $secret, $port) = @ENV{qw(ISSUER CLIENT SECRET PORT)};

plugin OAuth2 => {
  scankey => {
    key           => $client,
    secret        => $secret,
    authorize_url => "$issuer/oidc/auth?response_type=code",
    token_url     => "$issuer/oidc/token",
  },
};

get '/' => sub ($c) {
  my %asked = (redirect_uri => "http://localhost:$port/", scope => 'openid profile email');
  $c->oauth2->get_token_p(scankey => \%asked)->then(sub ($token) {
    return unless $token;
    return $c->ua->get_p("$issuer/oidc/me", {Authorization => "Bearer $token->{access_token}"})->then(sub ($tx) {
      my $who = $tx->result->json;
      $c->render(json => {sub => $who->{sub}, name => $who->{name}, username => $who->{preferred_username}, email => $who->{email}});
    });
  })->catch(sub ($error) { $c->render(text => $error, status => 500) });
};

app->log->level('fatal');
app->start('daemon', '-l', "http://localhost:$port");
