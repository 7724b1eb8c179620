/** Fields that the form carries on; the user's own are not repeated. */
const CARRIED = [
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'scope',
  'code_challenge',
  'code_challenge_method',
]

/** The form by which a user signs in to a program. */
export function signInPage(asked: Record<string, string>, problem: string | null): string {
  const hidden = CARRIED.flatMap(name =>
    asked[name] === undefined ? [] : [`<input type="hidden" name="${name}" value="${escaped(asked[name])}">`],
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0 }
  form { display: grid; gap: 1rem; width: 18rem }
  label { display: grid; gap: .25rem }
  input, button { font: inherit; padding: .5rem }
  p { margin: 0; color: #b00020 }
</style>
<form method="post">
  <h1>Sign in</h1>
  <div>${escaped(asked.client_id ?? '')} asks to text in your name.</div>
  ${problem === null ? '' : `<p role="alert">${escaped(problem)}</p>`}
  ${hidden.join('\n  ')}
  <label>Name or extension <input name="username" autocomplete="username" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Sign in</button>
</form>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}
