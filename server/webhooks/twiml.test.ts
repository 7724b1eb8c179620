import fc from 'fast-check'
import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { type Answer, readAnswer } from './twiml.ts'
import type { TwimlMessage } from './twiml-verbs.ts'

const url = new URL('http://app.example:8080/sms/in?step=1')

function read(body: string | Buffer, contentType = 'text/xml'): Answer {
  return readAnswer({ body: Buffer.from(body), contentType, url })
}

function messages(answer: Answer): TwimlMessage[] {
  if (answer.kind !== 'instructions') throw new Error(`unusable: ${answer.problem.message}`)
  return answer.instructions.flatMap(each => (each.verb === 'message' ? [each] : []))
}

function bodies(answer: Answer): string[] {
  return messages(answer).map(message => message.body)
}

function codes(answer: Answer): number[] {
  if (answer.kind === 'unusable') return [answer.problem.code]
  return [...answer.warnings.map(each => each.code), ...messages(answer).flatMap(each => each.problem?.code ?? [])]
}

describe('an answer', () => {
  it.each(['text/xml', 'application/xml', 'text/html', 'text/html; charset=UTF-8', 'TEXT/XML ;charset="utf-8"'])(
    'of type %s is TwiML',
    type => {
      expect(bodies(read('<Response><Message>hi</Message></Response>', type))).toEqual(['hi'])
    },
  )

  it('of plain text is the reply itself', () => {
    expect(bodies(read('  OK <b>&amp;\n', 'text/plain; charset=utf-8'))).toEqual(['OK <b>&amp;'])
  })

  it.each(['text/xml', 'text/plain', 'application/json', ''])('that is empty, of type %j, is nothing to do', type => {
    expect(read('', type)).toEqual({ kind: 'instructions', instructions: [], warnings: [] })
    expect(read(' \r\n', type)).toEqual({ kind: 'instructions', instructions: [], warnings: [] })
  })

  it.each(['application/json', 'image/png', 'text/css', 'application/xhtml+xml', ''])('of type %j is refused', type => {
    expect(codes(read('<Response/>', type))).toEqual([12300])
  })
})

describe('a message', () => {
  it('has the text of its legacy form', () => {
    const php =
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n\t<Sms>Monkey has messaged +1555 3 times</Sms>\n</Response>'
    expect(bodies(read(php, 'text/html'))).toEqual(['Monkey has messaged +1555 3 times'])
  })

  it('has its attributes', () => {
    const answer = read(
      '<Response><Message to="+1 (555) 777-0001" from="ACME" statusCallback="/status" action="next?x=1" method="get">hi</Message></Response>',
    )
    expect(messages(answer)).toEqual([
      {
        verb: 'message',
        to: '+15557770001',
        from: 'ACME',
        body: 'hi',
        media: [],
        statusCallback: 'http://app.example:8080/status',
        action: { url: 'http://app.example:8080/sms/next?x=1', method: 'GET' },
        problem: null,
      },
    ])
  })

  it('is trimmed at its ends only, and keeps lines and emoji', () => {
    const answer = read('<Response><Message>\n  line 1\n  line 2 🧵👩‍👩‍👧 &#x1F600;\n</Message></Response>')
    expect(bodies(answer)).toEqual(['line 1\n  line 2 🧵👩‍👩‍👧 😀'])
  })

  it('joins its bodies and collects its media', () => {
    const [message] = messages(
      read(
        '<Response><Message><Body> one, </Body><Media> /a.png </Media><Body>two</Body><Media>https://cdn.example/b.png?x=1&amp;y=2</Media></Message></Response>',
      ),
    )
    expect(message).toMatchObject({
      body: 'one, two',
      media: ['http://app.example:8080/a.png', 'https://cdn.example/b.png?x=1&y=2'],
      problem: null,
    })
  })

  it('keeps words apart that an element stands between', () => {
    const answer = read(
      '<Response><Message>\n  Look: <Media>/a.png</Media>\n  nice<Body>ly</Body>\n  </Message></Response>',
    )
    expect(bodies(answer)).toEqual(['Look: nicely'])
  })

  it('keeps the spaces around an element that is unknown and left out', () => {
    const answer = read('<Response><Message> Hi <b>bold <i>!</i></b> there<br/>, you </Message></Response>')
    expect(bodies(answer)).toEqual(['Hi  there, you'])
    expect(codes(answer)).toEqual([12200, 12200])
  })

  it('may be media alone', () => {
    const [message] = messages(read('<Response><Message><Media>/a.png</Media></Message></Response>'))
    expect(message).toMatchObject({ body: '', media: ['http://app.example:8080/a.png'], problem: null })
  })

  it('reads through comments, processing instructions and CDATA', () => {
    const answer = read(
      '<?xml version="1.0"?><?php x?><!-- a --><Response><!-- b --><Message>a<!-- c -->b<?pi x?>c<![CDATA[<d> & ]]>e</Message></Response><!-- d -->',
    )
    expect(bodies(answer)).toEqual(['abc<d> & e'])
    expect(codes(answer)).toEqual([])
  })

  it.each([
    ['<Message to="nobody at all">x</Message>', 14101],
    ['<Message to="">x</Message>', 14101],
    ['<Message to="ACME">x</Message>', 14101],
    ['<Message from="+1">x</Message>', 14102],
    ['<Message/>', 14103],
    ['<Message><Body> </Body></Message>', 14103],
    ['<Message method="PUT">x</Message>', 14104],
    ['<Message statusCallback="ftp://x/">x</Message>', 14105],
    ['<Message action="">x</Message>', 11100],
    ['<Message><Media/></Message>', 21620],
    ['<Message><Media>javascript:x</Media></Message>', 21620],
    [`<Message>${'<Media>/a</Media>'.repeat(11)}</Message>`, 21623],
  ])('that is wrong is marked and the others go on: %s', (message, code) => {
    const answer = read(`<Response>${message}<Message>good</Message></Response>`)
    expect(messages(answer).map(each => each.problem?.code ?? null)).toEqual([code, null])
  })

  it('is one of ten at most', () => {
    const answer = read(`<Response>${'<Message>x</Message>'.repeat(12)}</Response>`)
    expect(messages(answer)).toHaveLength(10)
    expect(codes(answer)).toEqual([14109])
  })
})

describe('a redirect', () => {
  it('resolves against the document, keeps user-info and ends the document', () => {
    const answer = readAnswer({
      body: Buffer.from(
        '<Response><Message>a</Message><Redirect method="GET"> ../next?a=1&amp;b=2 </Redirect><Message>b</Message></Response>',
      ),
      contentType: 'text/xml',
      url: new URL('http://u:p@app.example/sms/in?x=1#rc=3'),
    })
    expect(answer).toMatchObject({
      instructions: [
        { verb: 'message', body: 'a' },
        { verb: 'redirect', url: 'http://u:p@app.example/next?a=1&b=2', method: 'GET', problem: null },
      ],
    })
  })

  it.each(['<Redirect/>', '<Redirect>mailto:x@y</Redirect>', '<Redirect>http://</Redirect>'])(
    'to no URL is told: %s',
    verb => {
      expect(read(`<Response>${verb}</Response>`)).toMatchObject({
        instructions: [{ verb: 'redirect', problem: { code: 11100 } }],
      })
    },
  )
})

describe('what is unknown', () => {
  it.each([
    ['<Say>hello <b>you</b></Say>', 14110],
    ['<Dial>+1555</Dial>', 14110],
    ['<message>lower case</message>', 12200],
    ['<Foo><Message>inside</Message></Foo>', 12200],
    ['just text', 12200],
  ])('is skipped with a warning and the rest runs: %s', (wrong, code) => {
    const answer = read(`<Response>${wrong}<Message>good</Message></Response>`)
    expect(bodies(answer)).toEqual(['good'])
    expect(codes(answer)).toEqual([code])
  })

  it('inside a message is skipped too', () => {
    const answer = read('<Response><Message To="+15557770001">a<b>c</b>d<body>e</body></Message></Response>')
    expect(bodies(answer)).toEqual(['ad'])
    expect(messages(answer)[0]?.to).toBeNull()
    expect(codes(answer)).toEqual([12200, 12200, 12200])
  })

  it('warns of no name space', () => {
    expect(codes(read('<Response xmlns="x" xmlns:xsi="y" xsi:schema="z"/>'))).toEqual([])
  })

  it('is told twenty times at most', () => {
    expect(codes(read(`<Response>${'<x/>'.repeat(1000)}</Response>`))).toHaveLength(20)
  })
})

describe('a document that cannot be used', () => {
  it.each([
    ['<Response><Message>hi</Response>', 12100],
    ['<Response>', 12100],
    ['hello', 12100],
    ['{"a": 1}', 12100],
    ['\n<?xml version="1.0"?><Response/>', 12100],
    ['<Response>&nbsp;</Response>', 12100],
    ['<Response>a & b</Response>', 12100],
    ['<Response>&#xD800;</Response>', 12100],
    ['<Response>\u0000</Response>', 12100],
    ['<Response/><Response/>', 12100],
    ['<?xml version="2.0"?><Response/>', 12101],
    ['<html><body>Not found</body></html>', 12102],
    ['<response><Message>x</Message></response>', 12102],
  ])('is told as such: %j', (document, code) => {
    expect(codes(read(document))).toEqual([code])
  })

  it('declares entities: none is expanded or fetched', () => {
    const laughs = `<!DOCTYPE Response [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Response><Message>&b;</Message></Response>`
    expect(codes(read(laughs))).toEqual([12100])
    const external = `<!DOCTYPE Response [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Message>&x;</Message></Response>`
    expect(codes(read(external))).toEqual([12100])
    const unused = `<!DOCTYPE Response SYSTEM "http://169.254.169.254/x.dtd"><Response><Message>hi</Message></Response>`
    expect(bodies(read(unused))).toEqual(['hi'])
  })

  it('may be as deep as it fits', () => {
    const depth = 9_000
    expect(
      bodies(read(`<Response>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}<Message>x</Message></Response>`)),
    ).toEqual(['x'])
  })
})

describe('the charset', () => {
  it('is that of the header, the declaration, or UTF-8', () => {
    const latin = Buffer.from('<Response><Message>grüße</Message></Response>', 'latin1')
    expect(bodies(read(latin, 'text/xml; charset=ISO-8859-1'))).toEqual(['grüße'])
    const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>'), latin])
    expect(bodies(read(declared))).toEqual(['grüße'])
    expect(bodies(read(latin))).toEqual(['gr\ufffd\ufffde'])
    expect(bodies(read('<Response><Message>grüße</Message></Response>', 'text/xml; charset=klingon'))).toEqual([
      'grüße',
    ])
  })

  it('is not UTF-16 only because .NET says so, but is when it is', () => {
    const document = '<?xml version="1.0" encoding="utf-16"?><Response><Message>grüße</Message></Response>'
    expect(bodies(read(document))).toEqual(['grüße'])
    expect(bodies(read(Buffer.from(`\ufeff${document}`, 'utf16le')))).toEqual(['grüße'])
  })

  it('leaves no byte order mark and no zero in a reply', () => {
    expect(bodies(read('\ufeff<Response><Message>x</Message></Response>'))).toEqual(['x'])
    expect(bodies(read('a\u0000b', 'text/plain'))).toEqual(['a\ufffdb'])
  })
})

it('what the SDK builds is read without a warning', () => {
  const response = new twilio.twiml.MessagingResponse()
  response.comment('a comment')
  const message = response.message({ to: '+15557770001', statusCallback: 'https://x.example/s' }, '')
  message.body('hello & <world>')
  message.media('https://x.example/a.png')
  response.message('second')
  response.redirect({ method: 'GET' }, 'https://x.example/next')
  const answer = read(response.toString())
  expect(bodies(answer)).toEqual(['hello & <world>', 'second'])
  expect(answer).toMatchObject({ warnings: [], instructions: [{}, {}, { verb: 'redirect', method: 'GET' }] })
})

it('no answer whatever breaks the reading', () => {
  const pieces = [
    '<Response>',
    '</Response>',
    '<Message to="',
    '"',
    '>',
    '</Message>',
    '<Redirect>',
    '<Media>',
    '</',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '&#',
    '&amp;',
    ';',
    '<!DOCTYPE a [',
    '\u0000',
    '🧵',
    '\ud83e',
    'http://',
  ]
  const type = fc.constantFrom('text/xml', 'text/html; charset=utf-16', 'text/plain', 'text/xml; charset=iso-2022-jp')
  const written = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(written, type, (parts, contentType) => {
      expect(['instructions', 'unusable']).toContain(read(parts.join(''), contentType).kind)
    }),
    { numRuns: 2_000 },
  )
})
