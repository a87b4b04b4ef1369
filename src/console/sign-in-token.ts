/** A token has no documented length (IAM User Guide); those of opt-in regions are longer. */
const shape = /^[\x21-\x7e]{1,65536}$/

/** The sign-in token in an answer of getSigninToken; undefined when the answer holds none that can be believed. */
export function signInTokenIn(text: string): string | undefined {
  const answer = parsed(text)
  if (typeof answer !== 'object' || answer === null || !('SigninToken' in answer)) return undefined
  const { SigninToken: token } = answer
  return typeof token === 'string' && shape.test(token) ? token : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
