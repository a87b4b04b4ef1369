import { describe, expect, test } from 'vitest'
import { roleModel } from '../../../src/web/pages/role-model.ts'
import { chained, now, offerOf, own, readOnly } from './page-facts.ts'

const texts = (choice: { readonly options: readonly { readonly text: string }[] }) =>
  choice.options.map(({ text }) => text)

describe('one role', () => {
  test('offers round times up to the maximum, with the default chosen', () => {
    const page = roleModel(offerOf(readOnly), now)
    expect(texts(page.credentials)).toEqual(['15 min', '30 min', '1 h', '4 h'])
    expect(texts(page.console)).toEqual(['15 min', '30 min', '1 h', '4 h', '8 h', '12 h'])
    expect(page.credentials.options.filter(({ selected }) => selected)).toMatchObject([
      { text: '1 h', until: { text: '10:14 UTC' } },
    ])
    expect(page.credentials.why).toBe(
      '1 hour, the default of this role; at most 4 hours, the maximum set for this role.',
    )
  })

  test('offers an odd maximum and an odd default too', () => {
    const durations = {
      credentials: { default: 2400, max: 5400 },
      console: { default: 3600, max: 3600 },
    }
    const page = roleModel(offerOf(readOnly, { durations }), now)
    expect(texts(page.credentials)).toEqual(['15 min', '30 min', '40 min', '1 h', '1 h 30 min'])
  })

  test('lets nobody choose a console that ends with the credentials, and says so once', () => {
    const page = roleModel(offerOf(readOnly, {}, chained), now)
    expect(page.console.choosable).toBe(false)
    expect(page.credentials.why).toContain('AWS caps role chaining')
    expect(page.console.why).toBe('The console ends with the credentials.')
  })

  test('comes back as it was sent', () => {
    const chosen = {
      duration: 900,
      consoleDuration: 28_800,
      region: 'xx-new-1',
      destination: 'ftp:',
    }
    const page = roleModel(offerOf(readOnly), now, chosen, ['No.'])
    expect(page.credentials.options.find(({ selected }) => selected)?.seconds).toBe(900)
    expect(page.console.options.find(({ selected }) => selected)?.seconds).toBe(28_800)
    expect(page).toMatchObject({ destination: 'ftp:', errors: ['No.'] })
    expect(page.region.selected).toBe('xx-new-1')
    expect(page.region.all[0]).toBe('xx-new-1')
  })

  test('falls back to the default for a duration that can’t be had', () => {
    const page = roleModel(offerOf(readOnly), now, { duration: 99_999 })
    expect(page.credentials.options.find(({ selected }) => selected)?.seconds).toBe(3600)
  })

  test('offers the regions of the role’s partition, and none only without one of its own', () => {
    const china = roleModel(offerOf('arn:aws-cn:iam::111111111111:role/ReadOnly'), now)
    expect(china.region).toEqual({
      selected: '',
      optional: true,
      all: ['cn-north-1', 'cn-northwest-1'],
    })
    const placed = roleModel(offerOf(readOnly, { region: 'eu-west-1' }), now, { region: '' })
    expect(placed.region).toMatchObject({ selected: 'eu-west-1', optional: false })
  })

  test('names the groups that lead here, and not a hundred of them', () => {
    const groups = ['a', 'b', 'c', 'd', 'e']
    expect(roleModel(offerOf(readOnly, {}, own, groups), now).groupsText).toBe(
      'a; b; c; and 2 more',
    )
    expect(roleModel(offerOf(readOnly), now).groupsText).toBeUndefined()
  })
})
