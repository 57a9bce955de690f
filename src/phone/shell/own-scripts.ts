// The two scripts that the page may start besides itself. Trusted Types ask for a policy to start any; this one knows the two
// addresses by heart and gives nothing else out, so no text that reaches the page can become a script.
import worker from '../transfer/workshop.worker.ts?worker&url';

const SERVICE = '/sw.js';

interface Policy {
  createScriptURL(address: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

const rules: Policy = {
  createScriptURL(address) {
    if (address !== worker && address !== SERVICE) throw new TypeError('not a script of ours');
    return address;
  },
};
const policy = typeof trustedTypes === 'undefined' ? rules : trustedTypes.createPolicy('scankey', rules);

export const workerAddress = (): string => policy.createScriptURL(worker);
export const serviceAddress = (): string => policy.createScriptURL(SERVICE);
