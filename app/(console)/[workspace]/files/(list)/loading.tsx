export { ListSkeleton as default } from "#components/ui/list/list-skeleton.tsx";
