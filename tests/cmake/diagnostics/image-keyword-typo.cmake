# expect: beam_add_image\(img\): unknown keyword 'LABLES', after EXPOSE. Did you mean 'LABELS'
beam_add_release(rel APPLICATIONS sasl)
beam_add_image(img RELEASE rel EXPOSE 4000/tcp LABLES a=b)
