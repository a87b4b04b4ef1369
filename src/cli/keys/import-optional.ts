import { createRequire } from 'node:module'

/**
 * Imports an optional package from beside Postern, else from beside the program that runs it, for the single executable.
 * Never from the current folder, which may be anybody's.
 */
export async function importOptional(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch (error) {
    try {
      const found: unknown = createRequire(process.execPath)(name)
      return found
    } catch {
      throw error
    }
  }
}
