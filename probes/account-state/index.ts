/** The door of this folder: what other rooms may use of it. */
export { awaitStsVisit, inAccountTurn } from './account-turn';
export { GivenCodes } from './given-codes';
export { type ParkedAccount, ParkedAccounts } from './parked-accounts';
export { stateFolder } from './state-folder';
export { SubmitOnce } from './submit-once';
