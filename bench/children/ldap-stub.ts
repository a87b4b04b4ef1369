import { readFileSync } from 'node:fs'
import { openFakeDirectory } from '../../test/identity/directory/fake-directory.ts'
import { windowsDomain, windowsPerson } from '../../test/identity/directory/fake-entries.ts'
import { people } from '../directory-lab.ts'
import { answerParent } from './answer.ts'

/** An Active Directory that answers at once, with the people of the benchmark and alice in it. The first arguments are its certificate and key. */
const [certificate = '', key = ''] = process.argv.slice(2)
const guidOf = (index: number): string =>
  `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`
const { port } = await openFakeDirectory({
  certificate: {
    certificatePem: readFileSync(certificate, 'utf8'),
    keyPem: readFileSync(key, 'utf8'),
  },
  entries: [
    ...[...people, 'alice'].map((name, index) => windowsPerson(name, {}, guidOf(index))),
    ...windowsDomain(),
  ],
})
answerParent(port)
