/** Something is wrong with a request to the federation endpoint. The message is for whoever debugs the sandbox. */
export class FederationRefusal extends Error {}
