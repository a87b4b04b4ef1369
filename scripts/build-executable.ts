import { bundleExecutable } from './bundle-executable.ts'

/** `npm run build:sea`: the command line as one executable file, which needs no Node. */
const outfile = process.platform === 'win32' ? 'dist/sea/postern.exe' : 'dist/sea/postern'
await bundleExecutable(outfile)
process.stdout.write(`${outfile}\n`)
