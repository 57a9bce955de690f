/** The companion that a build speaks to until a person chooses another; set by the build. */
declare const DEFAULT_COMPANION: string;
