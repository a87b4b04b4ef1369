import { certificateFilesOf } from '../compose/certificate-settings.ts'
import type { Config } from '../config/config.ts'
import { certificateFileFaults } from '../identity/client-certificate/certificate-file-faults.ts'

/** What is wrong with the files that sign-in by certificate depends on, a line each. */
export async function certificateFileReport({
  signIn,
}: Pick<Config, 'signIn'>): Promise<readonly string[]> {
  const reports = signIn.map(async (method) => {
    if (method.type !== 'client-certificate') return []
    const faults = await certificateFileFaults(certificateFilesOf(method))
    return faults.map((fault) => `${method.id}: ${fault}`)
  })
  return (await Promise.all(reports)).flat()
}
