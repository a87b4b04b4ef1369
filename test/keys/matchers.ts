import { expect } from 'vitest'

// Vitest types these as any, which would switch off every check around them.
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
export const containing = (text: string): unknown => expect.stringContaining(text)
export const lacking = (text: string): unknown => expect.not.stringContaining(text)
export const having = (fields: object): unknown => expect.objectContaining(fields)
