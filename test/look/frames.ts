import type { Frame } from '../../src/web/pages/frame.ts'
import { momentOf } from '../../src/web/pages/time-text.ts'

/** Around a page of somebody who is signed in. */
export const frame: Frame = {
  title: 'Postern',
  organisation: 'Corp Example',
  help: { label: 'cloud-desk@corp.example', href: 'mailto:cloud-desk@corp.example' },
  visitor: {
    name: 'alice@corp.example',
    method: 'Corporate SSO',
    sessionEnds: momentOf(new Date('2026-11-20T18:00:00Z'), new Date('2026-11-20T09:00:00Z')),
  },
  csrfToken: 'c3JmLXRva2VuLW9mLXRoZS1mb3Jtcy1vbi10aGlzLXBhZ2U',
  assets: 'test',
  requestId: '01KAGZ3V9S0Q9J3E5T7QW8XN2M',
  home: '',
}
export const outside: Frame = { ...frame, title: 'Sign in', visitor: undefined }
export const titled = (title: string): Frame => ({ ...frame, title })
