import { expect, test } from 'vitest'
import { noRolesModel } from '../../../src/web/pages/no-roles-model.ts'
import { identityOf } from '../../support/broker-fakes.ts'

test('shows whoever grants access the groups that came along, and counts those that are too many', () => {
  const groups = Array.from({ length: 60 }, (_, index) => `group ${String(index)}`)
  const page = noRolesModel(identityOf('carol', groups))
  expect(page).toMatchObject({ signedInAs: 'carol', method: 'Local account', moreGroups: 10 })
  expect(page.groups).toHaveLength(50)
  expect(noRolesModel(identityOf('carol', []))).toMatchObject({ groups: [], moreGroups: 0 })
})
