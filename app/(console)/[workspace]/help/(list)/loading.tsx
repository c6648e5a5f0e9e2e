import { ListSkeleton } from "#components/ui/list/list-skeleton.tsx";

export default ListSkeleton;
