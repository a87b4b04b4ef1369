import type { RoleOffer } from '../../src/role-session.ts'
import { planDurations } from '../../src/entitlements/durations.ts'
import type { Frame } from '../../src/web/pages/frame.ts'
import { roleModel } from '../../src/web/pages/role-model.ts'
import { rolesModel } from '../../src/web/pages/roles-model.ts'
import { roleOf } from '../support/broker-fakes.ts'
import type { State } from './state.ts'

const own = { maxSeconds: 43_200, console: 'own-duration', why: undefined } as const
const named = [
  { id: '444444444444', name: 'الإنتاج', tone: 'danger', description: 'قراءة فقط، بلا تغييرات' },
  { id: '555555555555', name: 'חשבונות 2026', tone: 'caution', description: 'לקרוא בלבד' },
  { id: '666666666666', name: '東京本番環境', tone: 'danger', description: '参照のみ、変更不可' },
  { id: '777777777777', name: 'Контроль', tone: 'calm', description: 'Только чтение' },
] as const

const offers: readonly RoleOffer[] = named.map(({ id, name, tone, description }) => {
  const account = { id, name, tone }
  const role = roleOf(`arn:aws:iam::${id}:role/ReadOnly`, { account, description })
  return {
    entitlement: { role, grants: [], groups: ['CN=قراء,OU=AWS,DC=corp,DC=example'] },
    plan: planDurations(role, {}, own),
    roleSessionName: 'alice',
  }
})

/** Names that run from right to left, and such without spaces, inside of English sentences. */
export function scriptStates(frame: Frame): Readonly<Record<string, State>> {
  const seen: Frame = {
    ...frame,
    title: 'Roles',
    organisation: 'شركة المثال',
    banner: 'صيانة يوم الأحد',
    visitor: frame.visitor && { ...frame.visitor, name: 'عائشة القحطاني', method: 'تسجيل الدخول' },
  }
  const [first] = offers
  return {
    'roles-scripts': {
      view: 'roles',
      frame: seen,
      page: (now) => rolesModel(offers, [], now, { account: '444444444444', role: 'ReadOnly' }),
    },
    ...(first && {
      'role-scripts': { view: 'role', frame: seen, page: (now: Date) => roleModel(first, now) },
    }),
  }
}
