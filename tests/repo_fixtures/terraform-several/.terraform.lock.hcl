# This file is maintained automatically by "tofu init".
provider "registry.opentofu.org/hashicorp/google" {
  version = "6.0.0"
  hashes = [
    "h1:abc=",
  ]
}

provider "registry.opentofu.org/ovh/ovh" {
  version = "1.0.0"
}
