import { getRouteApi } from "@tanstack/react-router";

import { SignIn } from "@/features/sign-in/sign-in";

const route = getRouteApi("/login");

export default function LoginRoute() {
  const { next } = route.useSearch();
  return <SignIn next={next} />;
}
