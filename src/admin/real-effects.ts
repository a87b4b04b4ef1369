import { type Effects, type NetworkOptions, openNetwork, realEffects } from '../effects.ts'

/** Runs a command with the real clock and network, and lets the network go afterwards. */
export async function withRealEffects<Result>(
  run: (effects: Effects) => Promise<Result>,
  options: NetworkOptions = {},
): Promise<Result> {
  const network = openNetwork(options)
  try {
    return await run(realEffects(network))
  } finally {
    await network.close()
  }
}
