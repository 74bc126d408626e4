#include "image/native.h"

bool
image_platform_of_elf(const struct elf *elf, struct image_platform *platform)
{
	const char *variant, *architecture = elf_architecture(elf, &variant);

	if (!architecture)
		return false;
	*platform = (struct image_platform){
		STR("linux"), {architecture, strlen(architecture)}, {variant, strlen(variant)}};
	return true;
}
