/** A certificate for localhost that no authority signed, good for a hundred years, and its key: for tests only. */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIPmME/J5BkCgAQax
F9yh5F6Ilfkw93AdooI8Es1WfkyhRANCAARJR0LLivHzyiMzzV+zpge2oydBDmjX
/zzu9/ovgZyvG+DNqJXK/mt5D9yRqqoUbTY5rFOI8WtFIILDXwHnhri7
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUMoZrpttVftN7yMhFKSoyxF7olKwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAzMDkzNFoYDzIxMjYxMDI4
MDMwOTM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARJR0LLivHzyiMzzV+zpge2oydBDmjX/zzu9/ovgZyvG+DNqJXK/mt5
D9yRqqoUbTY5rFOI8WtFIILDXwHnhri7o28wbTAdBgNVHQ4EFgQUTk3bzDLSG75F
Gs+ga6KDr0p4tBswHwYDVR0jBBgwFoAUTk3bzDLSG75FGs+ga6KDr0p4tBswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAJ5TAibiP04/2fL+BLFHOsoi1nXtOKkLRAFLsctZmeEyAiEA
idiyR8ti8ftVz78LiRaziPD8mYe85bxS5eQYx+E8cZY=
-----END CERTIFICATE-----`,
}
