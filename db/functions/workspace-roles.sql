-- All roles of a person in a workspace: their own, and those of their groups. Every reader of roles asks here.
CREATE OR REPLACE FUNCTION workspace_roles(organization text, workspace text, person text) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT unnest(roles) FROM workspace_members
      WHERE organization_id = organization AND workspace_id = workspace AND user_id = person
    UNION
    SELECT unnest(group_roles.roles) FROM group_members JOIN group_roles USING (organization_id, group_id)
      WHERE group_members.organization_id = organization AND group_members.user_id = person AND group_roles.workspace_id = workspace
    ORDER BY 1)
$$;
