# An SMS app as the tutorials tell to write one with Sinatra: a session counts the texts of a pair.
require 'sinatra'

set :server, 'webrick'
set :bind, '127.0.0.1'
set :port, ARGV[0].to_i
set :session_secret, 'a' * 64
enable :sessions

post '/sms' do
  session['counter'] ||= 0
  session['counter'] += 1
  content_type 'text/xml'
  "<Response><Message>#{params['From']} has messaged #{params['To']} #{session['counter']} times</Message></Response>"
end
