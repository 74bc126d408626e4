# expect: beam_add_image\(img\): RELEASE names 'rle', which is not a target of beam_add_release\(\). Did you mean 'rel'
beam_add_release(rel APPLICATIONS sasl)
beam_add_image(img RELEASE rle)
