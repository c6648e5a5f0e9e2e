export type WorkspacePlace = { id: string; name: string };
export type OrganizationPlace = { id: string; name: string; workspaces: readonly WorkspacePlace[] };

/** Where someone is and where else they could be. */
export type Places = {
  organization: OrganizationPlace;
  workspace: WorkspacePlace;
  otherOrganizations: readonly OrganizationPlace[];
};
