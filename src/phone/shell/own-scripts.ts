// The two scripts that the page may start besides itself. Trusted Types ask for a policy to start any; this one knows the two
// addresses by heart and gives nothing else out, so no text that reaches the page can become a script.

const SERVICE = '/sw.js';

interface Policy {
  createScriptURL(address: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

/** Their addresses, fit to be started. Once, by the page's entry. @param worker the address that the build gives the worker */
export function ownScripts(worker: string): { worker: string; service: string } {
  const rules: Policy = {
    createScriptURL(address) {
      if (address !== worker && address !== SERVICE) throw new TypeError('not a script of ours');
      return address;
    },
  };
  const policy = typeof trustedTypes === 'undefined' ? rules : trustedTypes.createPolicy('scankey', rules);
  return { worker: policy.createScriptURL(worker), service: policy.createScriptURL(SERVICE) };
}
