// An SMS app as the tutorials tell to write one with Express: a session counts the texts of a pair.
const express = require('express')
const session = require('express-session')
const { MessagingResponse } = require('twilio').twiml

const app = express()
app.use(express.urlencoded({ extended: false }))
app.use(session({ secret: 'counter', resave: false, saveUninitialized: true }))

app.post('/sms', (req, res) => {
  const count = (req.session.counter || 0) + 1
  req.session.counter = count
  const twiml = new MessagingResponse()
  twiml.message(`${req.body.From} has messaged ${req.body.To} ${count} times`)
  setTimeout(() => res.type('text/xml').send(twiml.toString()), 10)
})

app.listen(Number(process.argv[2]), '127.0.0.1')
