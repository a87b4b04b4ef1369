import type { StsAction } from './action.ts'

/** Says who signed. It needs no permission, and no policy can forbid it. */
export const getCallerIdentity: StsAction = {
  name: 'GetCallerIdentity',
  signed: true,
  run: ({ caller }) => [
    ['Arn', caller.arn],
    ['UserId', caller.userId],
    ['Account', caller.account],
  ],
}
