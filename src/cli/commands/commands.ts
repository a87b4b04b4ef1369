import type { Command } from './command.ts'
import { completionCommand } from './completion-command.ts'
import { credentialProcessCommand } from './credential-process-command.ts'
import { manCommand } from './man-command.ts'
import { pkiCommands } from './pki-commands.ts'
import { readCertificateDataCommand } from './read-certificate-data-command.ts'
import { serveCommand } from './serve-command.ts'
import { setupRolesAnywhereCommand } from './setup-roles-anywhere-command.ts'
import { signStringCommand } from './sign-string-command.ts'
import { updateCommand } from './update-command.ts'
import { versionCommand } from './version-command.ts'

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  credentialProcessCommand,
  updateCommand,
  serveCommand,
  readCertificateDataCommand,
  signStringCommand,
  setupRolesAnywhereCommand,
  ...pkiCommands,
  completionCommand(() => commands),
  manCommand(() => commands),
  versionCommand,
]
