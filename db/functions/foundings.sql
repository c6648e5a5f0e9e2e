-- How many organizations a person has founded since an instant, those included that are deleted or that they have left.
CREATE OR REPLACE FUNCTION foundings(person text, since timestamptz) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT count(*)::integer FROM organizations WHERE created_by = person AND created_at > since
$$;
