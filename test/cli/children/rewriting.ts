import { changeFile } from '../../../src/cli/aws-files/change-file.ts'
import { editSection } from '../../../src/cli/aws-files/edit-profile.ts'
import { heldSurroundings } from '../held-surroundings.ts'

// Writes a profile again and again, long enough for somebody to kill it in the midst of it.
const [path = '', section = 'mine'] = process.argv.slice(2)
const surroundings = heldSurroundings()
process.stdout.write('started\n')
for (let round = 0; round < 100_000; round += 1) {
  const value = `${round} ${'x'.repeat(round % 3_000)} end`
  await changeFile(path, surroundings, (before) =>
    editSection(before, { section, set: [['value', value]] }),
  )
}
