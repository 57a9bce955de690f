// A site in one line, the registrable domain set apart.

/** An origin in the parts that are set apart. */
export interface SiteParts {
  /** Everything before the registrable domain, with its dot; may be empty. */
  before: string;
  /** The registrable domain, or the whole host where there is none. */
  domain: string;
  /** ":port" where it is not the scheme's own. */
  port: string;
  /** Not encrypted: the scheme is shown. */
  insecure: boolean;
}

export const SiteName = ({ site: { before, domain, port, insecure } }: { site: SiteParts }) => (
  <>
    {insecure && 'http://'}
    {before}
    <b>{domain}</b>
    {port}
  </>
);
