import type { Command } from './command.ts'
import { configureCommand } from './configure-command.ts'
import { consoleCommand } from './console-command.ts'
import { credentialsCommand } from './credentials-command.ts'
import { execCommand } from './exec-command.ts'
import { loginCommand } from './login-command.ts'
import { logoutCommand } from './logout-command.ts'
import { rolesCommand } from './roles-command.ts'
import { whoamiCommand } from './whoami-command.ts'
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
  loginCommand,
  rolesCommand,
  configureCommand,
  execCommand,
  credentialsCommand,
  consoleCommand,
  whoamiCommand,
  logoutCommand,
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
