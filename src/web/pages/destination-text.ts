import { parseRoleArn } from '../../entitlements/arn.ts'

/**
 * Where a sign-in leads, for the page that asks for it; undefined where that needs no word. Account and role come from a
 * link of anybody's, so only what has their form is repeated.
 */
export function destinationText(path: string): string | undefined {
  const url = URL.parse(path, 'http://postern.invalid')
  if (url?.pathname === '/authorize' || url?.pathname === '/device') {
    return 'a sign-in of the command line'
  }
  const account = url?.searchParams.get('account') ?? ''
  const asked = url?.searchParams.get('role') ?? ''
  const role = parseRoleArn(asked)?.name ?? asked
  if (!/^\d{12}$/.test(account) || !/^[\w+=,.@-]{1,64}$/.test(role)) return undefined
  // The groups of the number stay on one line.
  const number = account.replace(/(\d{4})(?=\d)/g, '$1\u00a0')
  const what = `${role} in account ${number}`
  return url?.pathname === '/console' ? `the AWS console as ${what}` : what
}
