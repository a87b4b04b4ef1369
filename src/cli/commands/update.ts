import { awsFile, namedProfile } from '../aws-files/aws-file.ts'
import { changeFile } from '../aws-files/change-file.ts'
import { editSection } from '../aws-files/edit-profile.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { type HeldSession, untilRenewal } from '../held-session.ts'
import { logLine } from '../log.ts'
import { mayPass } from '../may-pass.ts'
import { describe } from '../report-fault.ts'
import { obtainOnce, openSource } from '../open-source.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJsonLine } from '../terminal/json-output.ts'
import { warnBeforeEnd } from '../warn-before-end.ts'

const leastPause = 60_000

/** Writes a profile once, or again and again until the process is told to stop. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  if (flags.isOn('once')) {
    await write(await obtainOnce(flags, surroundings), flags, surroundings)
    return 0
  }
  const source = await openSource(flags, surroundings)
  try {
    const stop = surroundings.stop()
    let held: HeldSession | undefined
    while (!stop.aborted) {
      held = await renewed(held, flags, surroundings, () => source.current(held))
      const pause = Math.max(untilRenewal(held, surroundings.effects.now()), leastPause)
      const next = new Date(surroundings.effects.now().getTime() + pause).toISOString()
      surroundings.stderr(logLine(`Credentials will be refreshed at ${next}`, surroundings))
      await surroundings.effects.sleep(pause, stop).catch(() => undefined)
    }
    return 0
  } finally {
    await source.close()
  }
}

/** The next credentials, written. What may pass by itself ends nothing once there have been any. */
async function renewed(
  held: HeldSession | undefined,
  flags: Flags,
  surroundings: Surroundings,
  obtain: () => Promise<HeldSession>,
): Promise<HeldSession> {
  try {
    const session = await obtain()
    if (session !== held) await write(session, flags, surroundings)
    return session
  } catch (error) {
    if (!held || !mayPass(error)) throw error
    surroundings.stderr(logLine(`trying again in a minute: ${describe(error)}`, surroundings))
    return held
  }
}

async function write(
  session: HeldSession,
  flags: Flags,
  surroundings: Surroundings,
): Promise<void> {
  const named = flags.has('profile') ? flags.filled('profile') : namedProfile(surroundings)
  const profile = named ?? 'default'
  const path = awsFile('credentials', surroundings)
  await changeFile(path, surroundings, (before) =>
    editSection(before, {
      section: profile,
      set: [
        ['aws_access_key_id', session.accessKeyId],
        ['aws_secret_access_key', session.secretAccessKey],
        ['aws_session_token', session.sessionToken],
      ],
      // botocore prefers this old name, and a stale token there would spoil the new ones.
      drop: ['aws_security_token'],
    }),
  )
  if (flags.isOn('json')) {
    const { expiration } = session
    printJsonLine({ profile, file: path, expiration }, surroundings)
  }
  warnBeforeEnd(session, surroundings)
}
